using System.CommandLine;
using StarKV.Cli.Commands.Eval;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv report</c>: finished runs as one page to look at.</summary>
internal static class ReportPageCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders of finished runs, in the order of the page; " +
            "those with shards of one run count as one.",
            Arity = ArgumentArity.OneOrMore
        };
        var output = OutputOption.File("--out", "report", "Where the page goes; summary.json goes beside it.", "HTML", "report.html");
        var failures = new Option<int>("--failures")
        {
            Description = "Most failures that are shown, 1 to 200; each picture takes about " +
            "50 KB.",
            DefaultValueFactory = _ => 24,
            HelpName = "N"
        };
        var moved = new SourceOptions();
        var command = new Command("report", "Write finished runs as one self-contained page: the answer, curves, paired tests, memory, " +
            "times, failures.") { folders, output, failures };
        foreach (var option in moved.Options)
            command.Add(option);
        command.SetAction(parsed =>
        {
            var (path, most) = (parsed.GetValue(output)!, parsed.GetValue(failures));
            if (most is < 1 or > 200)
                throw new StarKvException($"--failures is {most}; it must be 1 to 200.");
            ReportPage.Check(path);
            var runs = FinishedRun.Read(parsed.GetValue(folders)!);
            var page = new ReportPage(runs)
            {
                Benchmark = BenchmarkOf(
                terminal, runs[0].Plan,
                moved.Read(parsed, runs[0].Manifest.Sources)),
                Command = CommandText.Of(parsed),
                MaxFailures = most
            };
            page.Save(path);
            terminal.WriteLine($"{page.Heading}\nPage: {path}");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The runs' benchmark, for pictures of failures; null when its data are not available.</summary>
    private static IBenchmark? BenchmarkOf(Terminal terminal, RunPlan plan, RunSources sources)
    {
        try
        {
            return RunBenchmark.Open(plan, sources) is var benchmark && benchmark.Name == plan.Benchmark
                ? benchmark
                : throw new StarKvException($"the tasks at hand are of {benchmark.Name}, the runs of {plan.Benchmark}.");
        }
        catch (StarKvException e)
        {
            terminal.Note($"Failures are shown without pictures: {e.Message}");
            return null;
        }
    }
}
