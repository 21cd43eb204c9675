using System.CommandLine;
using StarKV.Cli.Commands.Eval;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;
using StarKV.Files;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv replay</c>: repeats a run of <c>starkv eval</c> from its manifest and says what differs.</summary>
internal static class ReplayCommand
{
    private const int MostShown = 20;

    public static Command Create(Terminal terminal)
    {
        var manifest = new Argument<string>("MANIFEST") { Description = "The run.json of a run, or its folder." };
        var output = OutputOption.Folder("--out", "repetition", "Folder of the repetition; one that holds a part of it is continued. " +
            "Default: the run's folder with -replay behind it.");
        var model = new Option<string?>("--model") { Description = "The model, when it lies elsewhere now.", HelpName = "DIR" };
        var moved = new SourceOptions();
        var json = SharedOptions.Json();
        var place = new RunPlace();
        var command = new Command("replay", "Repeat a finished or stopped run of starkv eval from its manifest, and say what differs: " +
            "answers, versions, machine, hashes.")
        {
            manifest, output, model, json,
        };
        foreach (var option in moved.Options.Concat(place.Options))
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var first = new RunFolder(FolderOf(parsed.GetValue(manifest)!));
            var (plan, sources, _) = first.Manifest();
            sources = moved.Read(parsed, sources) with { Model = parsed.GetValue(model) ?? sources.Model };
            var benchmark = RunBenchmark.Open(plan, sources);
            var request = new EvalRequest
            {
                Benchmark = benchmark,
                Sources = sources,
                Draft = plan with { Benchmark = benchmark.Name, Settings = (benchmark as IPublishedBenchmark)?.Settings },
                Compressions = CompressionList.Read(plan.Methods, plan.Keep.Count == 0 ? "100%" : string.Join(',', plan.Keep)),
                Output = parsed.GetValue(output) ?? $"{Path.TrimEndingDirectorySeparator(first.Path)}-replay",
                Device = place.Device(parsed),
                NumberType = plan.NumberType,
                Part = place.Part(parsed),
                Devices = place.Devices(parsed),
                Words = place.OtherWords(parsed),
            };
            Apart.Same(request.Output, "repetition", first.Path, "the run's own folder");
            var second = new EvalWork(terminal).Run(request, cancellation);
            EvalWork.Sum(request, second);
            var comparison = RunComparison.Of(first, second);
            if (parsed.GetValue(json))
                terminal.WriteJson(comparison);
            else
                Print(terminal, comparison, first, second);
            return Task.FromResult(comparison.IsSame ? ExitCodes.Success : ExitCodes.Failed);
        });
        return command;
    }

    private static string FolderOf(string manifest) => File.Exists(manifest) ? Path.GetDirectoryName(Path.GetFullPath(manifest))!
        : Directory.Exists(manifest) ? manifest
        : throw new StarKvException($"There is neither a manifest nor a folder of a run at '{manifest}'; " +
            $"starkv eval writes one with --out.");

    private static void Print(Terminal terminal, RunComparison c, RunFolder first, RunFolder second)
    {
        if (c.Failed > 0 && c.Failed == c.Compared)
            terminal.WriteLine($"[bold]Nothing to compare[/]: {c.Failed} of {c.Compared} tasks failed in both runs{Missing(c)}.");
        else
            terminal.WriteLine(
                $"[bold]{(c.IsSame ? "The same" : "Not the same")}[/]: " +
                    $"{c.Same} of {c.Compared} tasks have the same prompt and from every cache the same answer, " +
                        $"rows and bytes{Failures(c)}{Missing(c)}.");
        if (c.VerdictsChanged > 0)
            terminal.WriteLine($"{c.VerdictsChanged} answers changed between right and wrong.");
        Table(terminal, "Of the plan", c.Plan);
        Table(terminal, "Of program and machine", c.Environment);
        Table(
            terminal, c.Tasks.Count > MostShown ? $"Of the answers, the first {MostShown} of {c.Tasks.Count}" : "Of the answers",
            [.. c.Tasks.Take(MostShown).Select(t => t.What with { Name = $"{t.Task} {t.Cache} {t.What.Name}" })]);
        terminal.WriteLine($"Run: {first.Path}. Repetition: {second.Path}.");
    }

    private static string Missing(RunComparison c) => c.Missing > 0 ? $"; {c.Missing} are done in one of the runs only" : "";

    private static string Failures(RunComparison c) =>
        (c.Failed > 0 ? $"; {ErrorText.Count(c.Failed, "task")} failed in both runs" : "")
        + (c.PartlyFailed > 0 ? $"; of {c.PartlyFailed} some caches failed in both, and the others are the same" : "");

    private static void Table(Terminal terminal, string title, IReadOnlyList<Difference> differences)
    {
        if (differences.Count == 0)
            return;
        var table = Tables.Of(title, "run", "repetition");
        foreach (var d in differences)
            table.Row(d.Name, d.First, d.Second);
        terminal.Write(table);
    }
}
