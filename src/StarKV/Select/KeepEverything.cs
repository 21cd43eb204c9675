using StarKV.Text;

namespace StarKV.Select;

/// <summary>No layer drops anything, whatever the budget.</summary>
public sealed class KeepEverything : ILayerBudget
{
    /// <summary>Its <see cref="Name"/>, which wrappers pass on.</summary>
    public const string Key = "everything";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures) => new KeepPlan?[layers];
}
