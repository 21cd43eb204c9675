using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>A published benchmark that can be run.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Layout">Where its files lie.</param>
/// <param name="Profiles">The profiles that it has.</param>
/// <param name="Open">Reads its annotations.</param>
public sealed record PublishedBenchmark(
    string Name, string Description, DataLayout Layout, IReadOnlyList<Profile> Profiles, Func<BenchmarkOptions, IPublishedBenchmark> Open)
{
    /// <value>Whether its instructions have two levels; default no.</value>
    public bool HasLevels { get; init; }

    /// <value>Screenshots a question shows unless the run says otherwise; null (default) when it is always one.</value>
    public int? ImageSlots { get; init; }

    /// <value>The families that it asks; default UI-TARS and OpenCUA. Others than these are asked by the rules of strict alone.</value>
    public IReadOnlyList<AnswerFamily> Families { get; init; } = [AnswerFamily.UiTars, AnswerFamily.OpenCua];

    /// <summary>Opens it.</summary>
    /// <exception cref="StarKvException">
    /// It does not have the profile or the family, a number is out of bounds, an annotation file cannot be read, or none of them holds a
    /// row.
    /// </exception>
    public IPublishedBenchmark Load(BenchmarkOptions options)
    {
        if (!Profiles.Contains(options.Profile))
            throw new StarKvException(
                $"{Name} has no profile {options.Profile.ToString().ToLowerInvariant()}; "
                    + $"it has {string.Join(", ", Profiles).ToLowerInvariant()}.");
        var family = options.Family.ToString().ToLowerInvariant();
        if (!Families.Contains(options.Family))
        {
            throw new StarKvException(
                $"{Name} does not ask the family {family}; it asks {string.Join(", ", Families).ToLowerInvariant()}. "
                    + "Name one with --family.");
        }

        if (options.Family.Grounding() is not null && options.Profile is not Profile.Strict)
        {
            throw new StarKvException(
                $"{Name} asks the family {family} by the rules of strict alone: no released program of the profile "
                    + $"{options.ProfileName} does. Take --profile strict.");
        }

        if (options.ImageSlots is < 1 or > 5)
            throw new StarKvException($"a question of {Name} cannot show {options.ImageSlots} screenshots; --image-slots takes 1 to 5.");
        var benchmark = Open(options);
        if (benchmark.Tasks.Count > 0)
            return benchmark;
        var why = benchmark.Files.Count switch
        {
            0 => $"{options.Annotations} has no file of them",
            1 => $"{benchmark.Files[0]} holds none",
            _ => $"{string.Join(", ", benchmark.Files)} hold none",
        };
        throw new StarKvException($"{Name} has no rows: {why}. Put the published files there.");
    }
}

/// <summary>The published benchmarks. One more is a folder with a loader and a line here.</summary>
public static class PublishedBenchmarks
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublishedBenchmark> All { get; } =
    [
        ScreenSpotV2Benchmark.Published,
        ScreenSpotProBenchmark.Published,
        AndroidControlBenchmark.Published,
        AgentNetBenchmark.Published,
        Mind2WebBenchmark.Published,
    ];
}
