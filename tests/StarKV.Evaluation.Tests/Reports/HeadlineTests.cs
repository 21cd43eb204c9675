using System.Collections.Immutable;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;

namespace StarKV.Evaluation.Tests.Reports;

public sealed class HeadlineTests
{
    [Fact]
    public void A_few_bytes_less_at_the_same_budget_do_not_outweigh_right_answers()
    {
        var headline = Headline.Of(new RunSummary(FakeRun.Plan, 100, 0, [],
        [
            Cell("full", "100%", 98, 1), Cell("vl-cache", "20%", 90, 0.198), Cell("snapkv", "20%", 95, 0.199), Cell("snapkv", "40%", 98, 0.399), Cell("snapkv", "10%", 80, 0.099),
        ]))!;
        Assert.Equal(("snapkv", "20%"), (headline.Cell.Method, headline.Cell.Keep));
        Assert.Contains("No smaller budget keeps nine of ten", headline.Caution, StringComparison.Ordinal);
    }

    private static SummaryCell Cell(string method, string keep, int right, double share) =>
        new(method, keep, 100, 0, right, 0, right / 100.0, 0, 1, 400 * share, 1000 * share, share, ImmutableDictionary<string, IReadOnlyDictionary<string, Tally>>.Empty);
}
