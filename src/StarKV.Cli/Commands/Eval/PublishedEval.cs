using System.CommandLine;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Runs;
using StarKV.Weights;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval NAME</c> for a published benchmark: its data, its profile, then the run that all benchmarks share.</summary>
internal static class PublishedEval
{
    // The budgets of GUI-KV's sweep, and the full cache.
    private const string DefaultKeep = "1%,3%,5%,10%,15%,20%,40%,80%,100%";

    public static Command Create(Terminal terminal, PublishedBenchmark benchmark)
    {
        var data = new Option<string?>("--data")
        {
            Description = "The benchmark's folder. Default: environment variables, " +
            "then starkv.local.json.",
            HelpName = "DIR"
        };
        var annotations = new Option<string?>("--annotations")
        {
            Description = "Folder of the annotation files, when it does not lie " +
            "in --data.",
            HelpName = "DIR"
        };
        var images = new Option<string?>("--images")
        {
            Description = "Folder of the " +
            "screenshots, when it does not lie in --data.",
            HelpName = "DIR"
        };
        var profile = Names.Option("--profile", $"Whose rules ask, read and score: " +
            $"{Format.Choice(benchmark.Profiles.Select(Names.Of))}.", Profile.Strict, benchmark.Profiles);
        var family = Names.Option<AnswerFamily>("--family", $"How the model is asked and answers: " +
            $"{Format.Choice(benchmark.Families.Select(Names.Of))}. Default: by its config.json.");
        var prompts = new Option<string?>("--prompts")
        {
            Description = "JSON file with prompt texts that are not " +
            "shipped.",
            HelpName = "JSON"
        };
        var level = Names.Option("--level", "What the model is told: high (the goal) or low (the step's instruction " +
            "too).", InstructionLevel.High);
        var slots = new Option<int?>("--image-slots")
        {
            Description = $"Screenshots a question shows at most, the current one " +
            $"included, 1 to 5. Default: {benchmark.ImageSlots}.",
            HelpName = "N"
        };
        var check = CheckTable.Option();
        var run = new EvalRun(DefaultKeep, "as docs/benchmarks.md lists them");
        var command = new Command(benchmark.Name, $"{benchmark.Description} Stopped at any time, " +
            $"it goes on where it was when called again.") { data, annotations, images, profile, family, prompts, check };
        if (benchmark.HasLevels)
            command.Add(level);
        if (benchmark.ImageSlots is not null)
            command.Add(slots);
        foreach (var option in run.Options)
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var folders = DataFolders.Find(
                benchmark.Name, benchmark.Layout,
                new NamedFolders(parsed.GetValue(data), parsed.GetValue(annotations), parsed.GetValue(images)),
                Environment.GetEnvironmentVariable);
            if (parsed.GetValue(check))
                return Task.FromResult(
                    CheckTable.Print(terminal, [(benchmark, folders)], known => Asked(parsed, known, AnswerFamily.UiTars)));
            if (folders.Missing(benchmark.Layout) is [var missing, ..])
                throw new StarKvException($"{benchmark.Name}: {missing}. starkv eval {benchmark.Name} --check shows the expected files.");
            var model = run.Model(parsed, RunPaths.Model(parsed.GetValue(family), Environment.GetEnvironmentVariable));
            var options = new BenchmarkOptions(folders.Annotations!, folders.Images ?? folders.Annotations!);
            var published = benchmark.Load(
                Asked(parsed, options, parsed.GetValue(family) ?? AnswerFamilies.Detect(HubCache.Resolve(model))));
            var sources = new RunSources(benchmark.Name, model)
            {
                Annotations = Path.GetFullPath(folders.Annotations!),
                Images = folders.Images is { } screens ? Path.GetFullPath(screens) : null,
                Prompts = parsed.GetValue(prompts) is { } texts ? Path.GetFullPath(texts) : null,
            };
            return Task.FromResult(
                run.Run(
                    terminal, parsed, published, sources, RunPaths.Results(published.Name, Environment.GetEnvironmentVariable),
                    cancellation));
        });
        return command;

        BenchmarkOptions Asked(ParseResult parsed, BenchmarkOptions options, AnswerFamily otherwise) => options with
        {
            Profile = parsed.GetValue(profile),
            Family = parsed.GetValue(family) ?? otherwise,
            Prompts = parsed.GetValue(prompts) is { } texts ? PromptSource.Of(texts) : PromptSource.Shipped,
            Level = parsed.GetValue(level),
            ImageSlots = parsed.GetValue(slots),
        };
    }
}
