using System.Globalization;

namespace StarKV.Bench;

/// <summary>Memory of this process that no file backs.</summary>
internal static class HostMemory
{
    /// <summary>Bytes now.</summary>
    public static long Now() =>
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)) is var line
        ? long.Parse(line.AsSpan("RssAnon:".Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024 : 0;

    /// <summary>The most bytes above those of before while something is done, looked at every 20 milliseconds.</summary>
    public static long Most(Action work)
    {
        var before = Now();
        var most = before;
        using (new Timer(_ => most = Math.Max(most, Now()), null, 0, 20))
            work();
        return Math.Max(most, Now()) - before;
    }
}
