namespace StarKV.Cli.Commands.Doctor;

/// <summary>What became of one thing that the doctor looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Ok">Whether it is as it must be.</param>
/// <param name="Found">What was found; <c>missing</c> or <c>broken</c> where it is not as it must be.</param>
/// <param name="WayOut">How to put that right; null where there is nothing to put right.</param>
internal sealed record Check(string Name, bool Ok, string Found, string? WayOut = null)
{
    /// <summary>Something that cannot be had.</summary>
    public static Check Missing(string name, string wayOut) => new(name, false, "missing", wayOut);

    /// <summary>Something that is there and does not work.</summary>
    public static Check Broken(string name, string wayOut) => new(name, false, "broken", wayOut);
}
