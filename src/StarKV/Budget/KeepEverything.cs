using StarKV.Text;

namespace StarKV.Budget;

/// <summary>No layer drops anything, whatever the budget.</summary>
public sealed class KeepEverything : ILayerBudget
{
    /// <inheritdoc/>
    public string Name => "everything";

    /// <inheritdoc/>
    public bool DropsNothing => true;

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures) =>
        new KeepPlan?[layers];
}
