using StarKV.Text;

namespace StarKV.Budget;

/// <summary>Every layer keeps as much as any other.</summary>
public sealed class UniformBudget : ILayerBudget
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures) =>
        [.. Enumerable.Repeat(KeepPlan.Of(budget, window, prompt.Length), layers)];
}
