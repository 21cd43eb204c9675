using System.CommandLine;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;

namespace StarKV.Cli.Commands.Eval;

/// <summary>
/// <c>--check</c>: which benchmark's files are found where, how many rows they hold, whether their pictures are there, and for what is
/// missing the expected tree.
/// </summary>
internal static class CheckTable
{
    public static Option<bool> Option() =>
        new("--check")
        {
            Description = "Read the files, look for every picture that rows name, say what is missing, " +
            "with the expected tree, and run nothing."
        };

    /// <summary>Prints, and returns the exit code: 1 when something is missing.</summary>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="all">The benchmarks and their folders.</param>
    /// <param name="asked">Profile and so on for a benchmark's folders.</param>
    public static int Print(
        Terminal terminal, IReadOnlyList<(PublishedBenchmark Benchmark, DataFolders Folders)> all, Func<BenchmarkOptions,
        BenchmarkOptions>? asked = null)
    {
        var ready = true;
        foreach (var (benchmark, folders) in all)
        {
            var missing = folders.Missing(benchmark.Layout);
            var check = missing.Count > 0 ? new DataCheck(0, missing)
                : terminal.Working($"Looking at the data of {benchmark.Name}", _ => DataCheck.Of(benchmark, Options(folders)));
            ready &= check.Problems.Count == 0;
            var (colour, word) = missing.Count > 0
                ? ("yellow", "missing")
                : check.Problems.Count > 0
                ? ("yellow", "incomplete")
                : ("green", "ready");
            terminal.WriteLine($"[bold]{benchmark.Name}[/] [{colour}]{word}[/]");
            Named("annotations", folders.Annotations, folders.AnnotationsFrom);
            Named("screenshots", folders.Images, folders.ImagesFrom);
            if (check.Problems.Count == 0)
                terminal.WriteLine($"  {check.Rows} {(check.Rows == 1 ? "row" : "rows")}, every picture is there");
            foreach (var sentence in check.Problems)
                terminal.WriteLine($"  - {sentence}");
            if (check.Problems.Count == 0)
                continue;
            terminal.WriteLine($"  expected below --data DIR, or below {DataFolders.DatasetsVariable}/{benchmark.Layout.Folder}:");
            foreach (var line in benchmark.Layout.Tree.Split('\n'))
                terminal.WriteLine($"    {line}");
        }

        return ready ? ExitCodes.Success : ExitCodes.Failed;

        BenchmarkOptions Options(DataFolders folders)
        {
            var options = new BenchmarkOptions(folders.Annotations!, folders.Images ?? folders.Annotations!);
            return asked is null ? options : asked(options);
        }

        void Named(string what, string? folder, string from)
        {
            if (folder is not null)
                terminal.WriteLine($"  {what}: {folder} ({from})");
        }
    }
}
