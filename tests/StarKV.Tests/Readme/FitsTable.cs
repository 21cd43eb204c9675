using System.Globalization;
using System.Text;
using StarKV.Budget;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;

namespace StarKV.Tests.Readme;

/// <summary>How many screenshots one prompt may have on cards of several sizes, by the engine's own arithmetic.</summary>
internal static class FitsTable
{
    private const int NumberBytes = 2, TextTokens = 200;
    private const long Gigabyte = 1_000_000_000, Driver = 600_000_000;

    private static readonly int[] s_cards = [8, 12, 24];
    private static readonly KvBudget[] s_budgets = [KvBudget.All, KvBudget.Keep(0.2)];

    public static string Make()
    {
        var columns = s_cards.SelectMany(card => s_budgets.Select(budget => (Card: card, Budget: budget))).ToList();
        var table = new StringBuilder("| shape | weights | tokens of a screenshot | ")
            .AppendJoin(" | ", columns.Select(c => FormattableString.Invariant($"{c.Card} GB, {(c.Budget.Equals(KvBudget.All) ? "all" : "20 %")}")))
            .Append(" |\n|---|---|---|").AppendJoin('|', columns.Select(_ => "---")).Append("|\n");
        foreach (var (_, name, config) in ModelRegistry.Shapes)
        {
            var (weights, grid) = (PrefillMemory.Weights(config, NumberBytes), Grid(config));
            table.Append(CultureInfo.InvariantCulture, $"| {name} | {weights / (double)Gigabyte:0.0} GB | {grid.Tokens:N0} | ")
                .AppendJoin(" | ", columns.Select(c => Screens(config, grid, c.Card * Gigabyte - Driver, c.Budget)))
                .Append(" |\n");
        }

        return table.ToString();
    }

    private static PatchGrid Grid(ModelConfig config)
    {
        var pixels = config.Family.Pixels;
        var (width, height) = pixels.Resize.Fit(1920, 1080);
        return PatchGrid.FromSize(width, height, pixels.PatchSize, pixels.MergeSize);
    }

    private static string Screens(ModelConfig config, PatchGrid grid, long bytes, KvBudget budget)
    {
        var most = 0;
        while (Needed(config, grid, most + 1, budget) <= bytes)
            most++;
        return most > 0 ? most.ToString(CultureInfo.InvariantCulture) : "–";
    }

    private static long Needed(ModelConfig config, PatchGrid grid, int screens, KvBudget budget)
    {
        var (tokens, text) = (TextTokens + screens * grid.Tokens, config.Text);
        var cache = 2L * NumberBytes * text.Layers * text.KvHeads * text.HeadDim * budget.Capacity(tokens);
        return PrefillMemory.Weights(config, NumberBytes)
            + PrefillMemory.Peak(config, [.. Enumerable.Repeat(grid, screens)], tokens, cache, NumberBytes);
    }
}
