using CsCheck;
using StarKV.Budget;
using StarKV.Score;

namespace StarKV.Tests.Issues;

/// <summary>The published step is rounded down, so N layers kept up to N(N − 1)/2 rows more than the budget: 44 % more at 1 % of a short prompt.</summary>
[Trait("outside", "2.12")]
public sealed class PyramidOvershootsSmallBudgets
{
    private const int Layers = 8;

    private static int[] Rows(ILayerBudget budget, KvBudget keep, int window, int length, int layers) =>
        [.. budget.Divide(keep, window, TestPrompts.Of(length), layers, []).Select(p => p?.Rows ?? length)];

    private static ILayerBudget Of(string preset) => Methods.Create("pyramidkv", new Dictionary<string, string> { ["preset"] = preset }).LayerBudget;

    [Fact]
    public void All_layers_together_keep_the_budget_exactly_and_early_ones_most() =>
        Gen.Select(Gen.Int[2, 400], Gen.Int[1, 60], Gen.Int[2, 400], Gen.Int[1, 64], Gen.Int[1, 40]).Sample((length, layers, tokens, window, beta) =>
        {
            var rows = Rows(new PyramidBudget(beta), KvBudget.Tokens(tokens), window, length, layers);
            Assert.Equal(Math.Min(tokens, length) * layers, rows.Sum());
            Assert.All(rows, r => Assert.InRange(r, KvBudget.MinTokens, length));
            Assert.Equal(rows.OrderDescending(), rows);
        }, iter: 20_000);

    [Fact]
    public void A_share_is_kept_exactly_too() =>
        Gen.Select(Gen.Int[100, 3000], Gen.Int[1, 36], Gen.Int[1, 100]).Sample((length, layers, percent) =>
        {
            var keep = KvBudget.Parse($"{percent}%");
            Assert.Equal(keep.Capacity(length) * layers, Rows(Of("exact"), keep, 8, length, layers).Sum());
        });

    [Theory]
    [InlineData("2t", new[] { 2, 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData("4t", new[] { 6, 5, 5, 4, 4, 3, 3, 2 })]
    [InlineData("12t", new[] { 16, 15, 14, 13, 11, 10, 9, 8 })]
    public void Small_budgets_are_the_budget(string keep, int[] rows) => Assert.Equal(rows, Rows(Of("exact"), KvBudget.Parse(keep), 8, 400, Layers));

    [Theory]
    [InlineData("2t", new[] { 3, 3, 3, 3, 3, 3, 3, 3 })]
    [InlineData("4t", new[] { 6, 6, 6, 6, 6, 6, 6, 6 })]
    [InlineData("12t", new[] { 16, 15, 14, 13, 12, 11, 10, 9 })]
    public void The_preset_reference_keeps_the_published_rounding(string keep, int[] rows) =>
        Assert.Equal(rows, Rows(Of("reference"), KvBudget.Parse(keep), 8, 400, Layers));
}
