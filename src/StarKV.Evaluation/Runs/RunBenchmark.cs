using System.Globalization;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;
using StarKV.Files;

namespace StarKV.Evaluation.Runs;

/// <summary>Opens the benchmark of a run again.</summary>
public static class RunBenchmark
{
    /// <summary>The command line's name of MiniGui-Bench.</summary>
    public const string MiniGui = "minigui";

    /// <summary>The name of MiniGui-Episodes in a run's sources.</summary>
    public const string Episodes = "minigui-episodes";

    /// <summary>Opens the benchmark that a run was made of, with the same profile, family and so on.</summary>
    /// <param name="plan">The run's plan.</param>
    /// <param name="sources">Where its data lie now.</param>
    /// <exception cref="StarKvException">Data are missing or cannot be read, or this program does not know the benchmark.</exception>
    public static IBenchmark Open(RunPlan plan, RunSources sources)
    {
        if (sources.Benchmark == MiniGui)
        {
            var tasks = MiniGuiBenchmark.WithoutThoughts(plan.Benchmark);
            var name = MiniGuiManifest.Names.Contains(tasks) ? tasks : MiniGuiManifest.Name;
            return MiniGuiBenchmark.Of(sources.TaskList, tasks != plan.Benchmark, name);
        }

        if (sources.Benchmark == Episodes)
            return new EpisodeBenchmark();
        var published = PublishedBenchmarks.All.FirstOrDefault(b => b.Name == sources.Benchmark)
            ?? throw new StarKvException(
                $"this program does not know the benchmark '{sources.Benchmark}'; it has "
                    + $"{MiniGui}, {Episodes}, {string.Join(", ", PublishedBenchmarks.All.Select(b => b.Name))}.");
        var folders = new DataFolders(sources.Annotations, sources.Images, "the run", "the run");
        if (folders.Missing(published.Layout) is [var missing, ..])
            throw new StarKvException($"{published.Name}: {missing}. Say where the data lie now with --annotations and --images.");
        var settings = plan.Settings ?? new Dictionary<string, string>();
        return published.Load(new BenchmarkOptions(folders.Annotations!, folders.Images ?? folders.Annotations!)
        {
            Profile = Setting<Profile>("profile") ?? Profile.Strict,
            Family = Setting<AnswerFamily>("family") ?? AnswerFamily.UiTars,
            Level = Setting<InstructionLevel>("level") ?? InstructionLevel.High,
            ImageSlots = settings.GetValueOrDefault("imageSlots") is { } slots ? Number("imageSlots", slots) : null,
            Prompts = sources.Prompts is { } file ? PromptSource.Of(file) : PromptSource.Shipped,
        });

        T? Setting<T>(string name)
            where T : struct, Enum => settings.GetValueOrDefault(name) is not { } text ? null
            : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : throw Unknown(name, text);

        static int Number(string name, string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown(name, text);

        static StarKvException Unknown(string name, string value) =>
            new($"the run's plan has the setting {name} '{MessageText.Text(value)}', which this program does not know.");
    }
}
