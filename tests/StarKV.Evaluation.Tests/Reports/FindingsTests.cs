using StarKV.Evaluation.Reports;

namespace StarKV.Evaluation.Tests.Reports;

public sealed class FindingsTests
{
    [Fact]
    public void Variants_are_better_worse_without_effect_or_not_to_be_told_apart() => Assert.Equal(
        [
            "better `a:x=1` at 5%, 20% and `b:x=1` at 5%, offered as options of that name",
            "worse `a:x=2` at 20%",
            "right and wrong on the very same tasks `a:x=3`",
            "no difference found for `a:x=4`",
        ],
        Findings.Verdicts([
            Test("a:x=1", "5%", 30, 2), Test("a:x=1", "20%", 20, 0), Test("a:x=2", "5%", 3, 4), Test("a:x=2", "20%", 1, 25),
            Test("a:x=3", "5%", 0, 0), Test("a:x=3", "20%", 0, 0), Test("a:x=4", "5%", 0, 0), Test("a:x=4", "20%", 2, 1), Test("b:x=1", "5%", 12, 0),
        ]).Select(v => v.Markup));

    [Fact]
    public void Where_no_variant_is_better_none_is_offered() => Assert.Equal(
        ["none is better at any budget, so none is offered as a preset", "worse `a:x=1` at 5%"], Findings.Verdicts([Test("a:x=1", "5%", 0, 30)]).Select(v => v.Markup));

    private static PairedTest Test(string variant, string keep, int onlyFirst, int onlySecond) =>
        new(variant, variant[..1], keep, 300, onlyFirst, onlySecond, 0, 0, Evaluation.Metrics.McNemar.P(onlyFirst, onlySecond));
}
