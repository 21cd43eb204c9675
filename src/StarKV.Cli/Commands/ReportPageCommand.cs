using System.CommandLine;
using Spectre.Console;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv report</c>: finished runs as one page to look at.</summary>
internal static class ReportPageCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("DIR") { Description = "Folders of finished runs, in the order of the page; those with shards of one run count as one.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Where the page goes; summary.json goes beside it.", DefaultValueFactory = _ => "report.html", HelpName = "HTML" };
        var failures = new Option<int>("--failures") { Description = "Most failures that are shown, 1 to 200; each picture takes about 50 KB.", DefaultValueFactory = _ => 24, HelpName = "N" };
        var manifest = new Option<string?>("--manifest") { Description = "The tasks of runs that were made with eval minigui --manifest, for pictures of failures.", HelpName = "JSON" };
        var command = new Command("report", "Write finished runs as one self-contained page: the answer, curves, paired tests, memory, times, failures.") { folders, output, failures, manifest };
        command.SetAction(parsed =>
        {
            var (path, most) = (parsed.GetValue(output)!, parsed.GetValue(failures));
            if (most is < 1 or > 200)
                throw new StarKvException($"--failures is {most}; it must be 1 to 200.");
            var runs = FinishedRun.Read(parsed.GetValue(folders)!);
            var page = new ReportPage(runs) { Benchmark = BenchmarkOf(runs[0].Plan.Benchmark, parsed.GetValue(manifest)), Command = CommandText.Of(parsed), MaxFailures = most };
            page.Save(path);
            terminal.Console.WriteLine($"{page.Summary.Answer}\nPage: {path}");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The benchmark of this name when its screenshots can be had without further files, else null.</summary>
    private static MiniGuiBenchmark? BenchmarkOf(string name, string? manifest)
    {
        if (manifest is null)
            return name == MiniGuiManifest.Name ? new MiniGuiBenchmark() : null;
        var benchmark = MiniGuiBenchmark.Of(manifest);
        return benchmark.Name == name ? benchmark : throw new StarKvException($"{manifest} holds {benchmark.Name}; the runs are of {name}. Name the file they were made with, or leave --manifest out.");
    }
}
