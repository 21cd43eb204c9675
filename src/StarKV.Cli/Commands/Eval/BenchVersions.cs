using System.CommandLine;

namespace StarKV.Cli.Commands.Eval;

/// <summary>The versions of MiniGui-Bench.</summary>
internal enum BenchVersion
{
    /// <summary>1,500 tasks of the plain world.</summary>
    V1,

    /// <summary>1,200 harder tasks.</summary>
    V2,
}

/// <summary>The option <c>--bench</c>.</summary>
internal static class BenchVersions
{
    public static Option<BenchVersion> Option() =>
        Names.Option("--bench", "Version of MiniGui-Bench: v1 (1,500 tasks), or v2 (1,200 harder ones).", BenchVersion.V1);
}
