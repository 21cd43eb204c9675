using StarKV.Text;

namespace StarKV.Select;

/// <summary>What is kept of the past falls linearly from layer to layer around the budget; above half of the prompt all layers are alike.</summary>
/// <remarks>
/// Source: PyramidKV, arXiv 2406.02069, as released. The step is rounded down, so all N layers together may hold up to N(N − 1)/2 rows more
/// than the budget; the last layer may keep the window alone.
/// </remarks>
/// <param name="beta">Steepness β, at least 1: the last layer keeps 1/β of the mean, or more where the first would keep more than there is.</param>
public sealed class PyramidBudget(int beta) : ILayerBudget
{
    /// <inheritdoc/>
    public string Name => "pyramid";

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
    {
        var uniform = KeepPlan.Of(budget, window, prompt.Length);
        if (uniform is not { } mean || layers == 1 || prompt.Length < 2 * mean.Past)
            return [.. Enumerable.Repeat(uniform, layers)];

        var (least, past) = (mean.Past / beta, prompt.Length - mean.Window);
        var most = 2 * mean.Past - least;
        if (most >= past)
            (most, least) = (past, 2 * mean.Past - past);
        var step = (most - least) / (layers - 1);
        return [.. Enumerable.Range(0, layers).Select(layer => (KeepPlan?)(mean with { Past = most - layer * step }))];
    }
}
