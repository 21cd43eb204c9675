using System.CommandLine;
using Spectre.Console;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>--check</c>: which benchmark's files are found where, and for what is missing the expected tree.</summary>
internal static class CheckTable
{
    public static Option<bool> Option() => new("--check") { Description = "Say which files are found and which are missing, with the expected tree, and run nothing." };

    /// <summary>Prints, and returns the exit code: 1 when something is missing.</summary>
    public static int Print(Terminal terminal, IReadOnlyList<(PublishedBenchmark Benchmark, DataFolders Folders)> all)
    {
        var ready = true;
        foreach (var (benchmark, folders) in all)
        {
            var missing = folders.Missing(benchmark.Layout);
            ready &= missing.Count == 0;
            terminal.Console.MarkupLine($"[bold]{Markup.Escape(benchmark.Name)}[/] {(missing.Count == 0 ? "[green]ready[/]" : "[yellow]missing[/]")}");
            Named("annotations", folders.Annotations, folders.AnnotationsFrom);
            Named("screenshots", folders.Images, folders.ImagesFrom);
            foreach (var sentence in missing)
                terminal.Console.WriteLine($"  - {sentence}");
            if (missing.Count > 0)
                terminal.Console.WriteLine($"  expected below --data DIR, or below {DataFolders.DatasetsVariable}/{benchmark.Layout.Folder}:\n{Indented(benchmark.Layout.Tree)}");
        }

        return ready ? ExitCodes.Success : ExitCodes.Failed;

        void Named(string what, string? folder, string from)
        {
            if (folder is not null)
                terminal.Console.WriteLine($"  {what}: {folder} ({from})");
        }
    }

    private static string Indented(string tree) => string.Join('\n', tree.Split('\n').Select(line => $"    {line}"));
}
