using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>The devices of a run that is split over processes.</summary>
internal static class DeviceList
{
    /// <summary>Reads <c>0,1</c> (CUDA cards), <c>cpu,cpu</c> or any device names; a name said twice gets two processes.</summary>
    /// <exception cref="StarKvException">A name is empty, or a shard is asked for as well.</exception>
    public static IReadOnlyList<string> Read(string text, Shard shard)
    {
        if (shard != Shard.Whole)
            throw new StarKvException("--devices splits the run by itself; leave --shard out.");
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(name => name switch
        {
            "" => throw new StarKvException($"--devices is '{text}'; name devices separated by commas, such as 0,1 or cpu,cpu."),
            _ when name.All(char.IsAsciiDigit) => $"cuda:{name}",
            _ => name,
        })];
    }
}
