using System.Text;
using System.Text.Json;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Runs;
using StarKV.Files;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>Finished runs as one HTML file: no network, no scripts, no other file. Every number on it comes from the runs' files.</summary>
/// <param name="runs">The runs of one benchmark and one model, in the order of the page; at least one.</param>
public sealed class ReportPage(IReadOnlyList<FinishedRun> runs)
{
    /// <summary>The runs.</summary>
    public IReadOnlyList<FinishedRun> Runs { get; } = runs;

    /// <value>The runs' benchmark, which opens screenshots of failures again; null (default) when it is not available.</value>
    public IBenchmark? Benchmark { get; init; }

    /// <value>The command line that made the page; default empty.</value>
    public string Command { get; init; } = "";

    /// <value>Most failures that are shown, of all runs together; default 24. Each picture takes about 50 KB.</value>
    public int MaxFailures { get; init; } = 24;

    internal RunPlan Plan => Runs[0].Plan;

    /// <summary>What the first run found; null when nothing was compressed, and when errors come first.</summary>
    internal Headline? Headline { get; } = runs[0].Summary.ErrorsFirst ? null : Headline.Of(runs[0].Summary);

    /// <summary>The sentence that heads the page.</summary>
    public string Heading => Headline?.Sentence ?? (Runs[0].Summary.ErrorsFirst
        ? ErrorText.Sentence(Runs[0].Summary)
        : $"{Plan.Benchmark}: {Numbers.Percent(Runs[0].Summary.Cells[0].Accuracy)} right answers with the full cache");

    internal IReadOnlyList<ReportedRun> Reported { get; } = [.. runs.Select(ReportedRun.Of)];

    /// <summary>The page's numbers.</summary>
    public ReportSummary Summary => new(Plan.Benchmark, Plan.Model, Plan.ModelFingerprint, Headline?.Sentence, Reported);

    // Nothing is loaded from anywhere: styles and pictures are inside the page.
    private static readonly Html s_policy = new(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'");

    /// <summary>The page.</summary>
    public string ToHtml() => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{s_policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="StarKV">
        <title>StarKV report: {Plan.Benchmark}, {Plan.Model}</title>
        <style>{Style()}</style>
        </head>
        <body>
        <main>
        {FirstScreen.Of(this)}
        {Runs.Select((_, i) => RunSection.Of(this, i))}
        {FailureSection.Of(this)}
        {MethodList.Of(this)}
        </main>
        </body>
        </html>

        """).Markup;

    /// <summary>Looks whether <see cref="Save"/> could write a page there, before it is made.</summary>
    /// <exception cref="StarKvException">A file cannot be written, or the folder is a run's, whose own summary would be lost.</exception>
    public static void Check(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (RunFolder.IsRun(folder))
            throw new StarKvException(
                $"'{path}' is in the folder of a run, whose summary.json the report's own would replace; name a file in another folder.");
        AtomicFile.Check(path, "report");
        var summary = Path.Combine(folder, RunFolder.SummaryFile);
        Apart.File(path, "report", "the place of the summary next to the page", summary);
        CheckSummary(summary);
    }

    /// <summary>
    /// Writes the page and <c>summary.json</c> next to it, each complete or not at all; a folder that is missing is made.
    /// </summary>
    /// <inheritdoc cref="Check"/>
    public void Save(string path)
    {
        Check(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        using var files = new FileSet();
        files.Add(path, Encoding.UTF8.GetBytes(ToHtml()), "report");
        files.Add(Path.Combine(folder, RunFolder.SummaryFile), RunJson.FileBytes(Summary), "report's summary");
        files.Put();
    }

    private static void CheckSummary(string file)
    {
        AtomicFile.Check(file, "report's summary");
        if (File.Exists(file) && !IsSummary(file))
            throw new StarKvException($"'{file}' is not the summary of a report, which would replace it; name a page in another folder.");
    }

    private static bool IsSummary(string file)
    {
        try
        {
            return JsonFile.Value(PlainFile.ReadAllBytes(file), file) is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("modelFingerprint", out _) && root.TryGetProperty("runs", out _);
        }
        catch (StarKvException)
        {
            return false;
        }
    }

    private static Html Style()
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream("StarKV.Evaluation.report.css")!);
        return new Html(reader.ReadToEnd());
    }
}
