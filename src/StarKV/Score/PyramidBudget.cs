using StarKV.Budget;
using StarKV.Text;

namespace StarKV.Score;

/// <summary>How the pyramid's layers become whole rows.</summary>
public enum PyramidRounding
{
    /// <summary>
    /// Each layer's share of the slope, rounded so that all layers together keep the budget exactly: this project's choice.
    /// </summary>
    Exact,

    /// <summary>
    /// One step for all layers, rounded down: the released program. N layers together may keep N(N − 1)/2 rows more than the budget.
    /// </summary>
    Published,
}

/// <summary>
/// What is kept of the past falls linearly from layer to layer around the budget; above half of the prompt all layers are alike.
/// </summary>
/// <remarks>Source: PyramidKV, arXiv 2406.02069. With its rounding or the other, the last layer may keep the window alone.</remarks>
/// <param name="beta">
/// Steepness β, at least 1: the last layer keeps 1/β of the mean, or more where the first would keep more than there is.
/// </param>
/// <param name="rounding">How the layers become whole rows; default so that their sum is the budget.</param>
public sealed class PyramidBudget(int beta, PyramidRounding rounding = PyramidRounding.Exact) : ILayerBudget
{
    /// <inheritdoc/>
    public string Name => "pyramid";

    /// <summary>How the layers become whole rows.</summary>
    public PyramidRounding Rounding => rounding;

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
    {
        var uniform = KeepPlan.Of(budget, window, prompt.Length);
        if (uniform is not { } mean || layers == 1 || prompt.Length < 2 * mean.Past)
            return [.. Enumerable.Repeat(uniform, layers)];

        var (min, past) = (mean.Past / beta, prompt.Length - mean.Window);
        if (Rounding == PyramidRounding.Exact)
            min = Math.Max(min, KvBudget.MinTokens - mean.Window);
        var max = 2 * mean.Past - min;
        if (max >= past)
            (max, min) = (past, 2 * mean.Past - past);
        var kept = Rounding == PyramidRounding.Published ? Steps(max, min, layers) : Slope(max, min, layers);
        return [.. kept.Select(k => (KeepPlan?)(mean with { Past = k }))];
    }

    private static IEnumerable<int> Steps(int max, int min, int layers)
    {
        var step = (max - min) / (layers - 1);
        return Enumerable.Range(0, layers).Select(layer => max - layer * step);
    }

    /// <summary>
    /// The slope from most to least, whose mean is that of both; the rows
    /// that rounding down leaves go where it took most, early layers first.
    /// </summary>
    private static int[] Slope(int max, int min, int layers)
    {
        var (steps, fall) = ((long)layers - 1, (long)max - min);
        var shares = Enumerable.Range(0, layers).Select(layer => max * steps - layer * fall).ToArray();
        var kept = shares.Select(share => (int)(share / steps)).ToArray();
        var left = (int)((long)(max + min) * layers / 2 - kept.Sum(k => (long)k));
        foreach (var layer in Enumerable.Range(0, layers).OrderByDescending(layer => shares[layer] % steps).Take(left))
            kept[layer]++;
        return kept;
    }
}
