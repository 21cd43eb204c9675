using System.CommandLine;
using StarKV.Evaluation.Benchmarks.MiniGui;

namespace StarKV.Cli.Commands.Eval;

/// <summary>The versions of MiniGui-Bench.</summary>
internal enum BenchVersion
{
    /// <summary>1,500 tasks of the plain world.</summary>
    V1,

    /// <summary>1,500 others like them.</summary>
    V1b,

    /// <summary>1,200 harder tasks.</summary>
    V2,
}

/// <summary>The option <c>--bench</c>.</summary>
internal static class BenchVersions
{
    public static Option<BenchVersion> Option() => Names.Option(
        "--bench", "Version of MiniGui-Bench: v1 (1,500 tasks), v1b (as many others, drawn later), or v2 (1,200 harder ones).",
        BenchVersion.V1);

    /// <summary>The name of a version's results.</summary>
    public static string NameOf(BenchVersion version) => version switch
    {
        BenchVersion.V1b => MiniGuiManifest.SecondName,
        BenchVersion.V2 => MiniGuiManifest.HardName,
        _ => MiniGuiManifest.Name,
    };
}
