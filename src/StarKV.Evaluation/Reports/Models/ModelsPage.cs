using System.Globalization;
using System.Text;
using StarKV.Evaluation.Runs;
using StarKV.Reports.Markup;
using static System.FormattableString;

namespace StarKV.Evaluation.Reports.Models;

/// <summary>The page of several models: methods at all budgets, what holds in how many models, paired tests, and curves as SVG.</summary>
/// <param name="models">The models, in the order of the page: what <see cref="ComparedModels.Read"/> gives.</param>
/// <param name="subject">The method that is tested against all others.</param>
public sealed class ModelsPage(IReadOnlyList<ComparedModel> models, string subject)
{
    private readonly FinishedRun _first = models[0].Runs[0];
    private readonly ModelTests _tests = new(models, subject);

    /// <summary>The page's text and its pictures by file name.</summary>
    /// <param name="pictures">The folder of the pictures as the page names it, such as <c>images</c>.</param>
    /// <param name="name">What the pictures' names begin with, so that pages may share a folder.</param>
    public (string Markdown, IReadOnlyDictionary<string, string> Pictures) Make(string pictures, string name)
    {
        var (page, files) = (new StringBuilder(), new Dictionary<string, string>());
        Write(page, $"# Results across models: {MiniGuiName}\n\nWritten by `starkv eval models`; how it is measured: ");
        Write(page, $"[evaluation.md](evaluation.md#across-models).\n\n{ErrorText.Count(_first.Samples.Count, "task")}, ");
        Write(page, $"{ErrorText.Count(models.Count, "model")}, {_first.Circumstances}. ");
        Write(page, $"Percentages are right answers; brackets hold Wilson's 95 % interval. {ErrorText.Rule}\n\n");
        Head(page);
        var findings = new ModelFindings(models, subject, _tests).Sentences();
        Write(page, $"\n## Findings\n\n{findings.Select(sentence => Markdown.Of($"- {sentence}\n"))}");
        Smallest(page);
        Models(page);
        Curves(page, files, pictures, name);
        Tests(page);
        return (page.ToString(), files);
    }

    private string MiniGuiName => Benchmarks.MiniGui.MiniGuiBenchmark.WithoutThoughts(_first.Plan.Benchmark);

    private IEnumerable<Markdown> Names => models.Select(model => model.IsInClaim
        ? Markdown.Code(model.Name)
        : Markdown.Of($"{Markdown.Code(model.Name)} (below {100 * ComparedModel.EnoughRight:0} %)"));

    /// <summary>Every method at every budget in every model.</summary>
    private void Head(StringBuilder page)
    {
        var full = models[0].Full;
        var rows = models[0].Keeps.SelectMany(keep => models[0].Methods.Select(method => (method, keep)))
            .Where(row => models[0].Cell(row.method, row.keep) is not null).Prepend((full.Method, full.Keep));
        Write(page, ["method", "keep", .. Names], rows.Select(row => (IEnumerable<Markdown>)
            [Markdown.Code(row.Item1), row.Item2, .. models.Select(model => Cell(model.Cell(row.Item1, row.Item2)!))]));
    }

    private Markdown Cell(SummaryCell cell) => ResultsPage.Cell(cell, _first.Samples.Count);

    /// <summary>From which budget on each method keeps nearly all that the full cache gets right.</summary>
    private void Smallest(StringBuilder page)
    {
        Write(
            page,
            $"\n## Smallest budgets\n\nThe smallest budget from which on at least {100 * ComparedModel.EnoughKept:0} % of the full cache's "
                + $"right answers are kept, of those that were run; – where none does.\n\n");
        Write(page, ["method", .. Names], models[0].Methods.Select(method =>
            (IEnumerable<Markdown>)[Markdown.Code(method), .. models.Select(model => (Markdown)(model.Smallest(method) ?? "–"))]));
    }

    /// <summary>What was run, and how many bytes the caches held.</summary>
    private void Models(StringBuilder page)
    {
        page.Append("\n## Models\n\nBytes held at each budget, of the full cache: the mean over the answers, from the least to the ");
        page.Append("most of the methods.\n\n");
        Write(
            page,
            ["model", "tasks", "fingerprint", "computed", "full cache", .. models[0].Keeps.Select(keep => $"bytes at {keep}")],
            models.Select(model => (IEnumerable<Markdown>)
            [
                Markdown.Code(model.Name),
                model.Runs[0].Plan.Benchmark,
                Markdown.Code(model.Runs[0].Plan.ModelFingerprint),
                model.Runs[0].Plan.Compute,
                Cell(model.Full),
                .. models[0].Keeps.Select(keep => (Markdown)Bytes(model, keep)),
            ]));
    }

    private static string Bytes(ComparedModel model, string keep)
    {
        var cells = model.Cells.Where(cell => cell.Keep == keep && cell.N > 0);
        var shares = cells.Select(cell => 100 * cell.ByteShare).DefaultIfEmpty().ToList();
        var (min, max) = (Invariant($"{shares.Min():0.0}"), Invariant($"{shares.Max():0.0}"));
        return min == max ? $"{min} %" : $"{min}–{max} %";
    }

    private void Curves(StringBuilder page, Dictionary<string, string> files, string folder, string name)
    {
        var keeps = models[0].Keeps.Where(keep => keep.EndsWith('%')).ToList();
        if (keeps.Count < 2)
            return;
        page.Append("\n## Curves\n");
        var ticks = keeps.Select(keep => (Percent(keep), keep)).ToArray();
        var of = _first.Plan.Convention is BudgetConvention.Image ? "the image tokens" : "all prompt tokens";
        foreach (var (number, model) in models.Index())
        {
            var curves = model.Methods.Select(method => new Curve(
                method,
                [
                    .. keeps.Select(keep => model.Cell(method, keep)).OfType<SummaryCell>().Where(cell => cell.N > 0)
                        .Select(cell => new CurvePoint(Percent(cell.Keep), cell.Accuracy, cell.Low, cell.High)),
                ]));
            var file = Invariant($"{name}-{number + 1}.svg");
            files[file] = new CurveChart(model.Name, $"kept share of {of} (logarithmic)", ticks).Svg([.. curves], model.Full.Accuracy);
            Write(page, $"\n![{model.Name}]({Markdown.Address(folder, file)})\n");
        }
    }

    private void Tests(StringBuilder page)
    {
        Write(
            page,
            $"\n## {Markdown.Code(subject)} against every other method\n\nPaired on the same tasks; McNemar's exact test, two-sided, "
                + $"with Holm's correction for the {_tests.All.Count} tests of all models and budgets together; level 5 %. The "
                + $"difference's interval is a bootstrap with a fixed seed.\n\n");
        Write(page, ["model", .. ResultsPage.Columns.Skip(1)], _tests.All.Select(t =>
            ResultsPage.Row(t.Test).Skip(1).Prepend(Markdown.Code(t.Model.Name))));
    }

    private static double Percent(string keep) => double.Parse(keep.TrimEnd('%'), CultureInfo.InvariantCulture);

    private static void Write(StringBuilder page, MarkupHandler<Markdown> text) => page.Append(text.ToString());

    private static void Write(StringBuilder page, IEnumerable<Markdown> head, IEnumerable<IEnumerable<Markdown>> rows) =>
        page.Append(MarkdownTable.Of(head, rows).Markup);
}
