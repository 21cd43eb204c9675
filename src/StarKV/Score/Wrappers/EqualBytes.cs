using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score.Wrappers;

/// <summary>
/// Another method that holds as many bytes as a cache of the key/value heads with the budget's rows in every layer, however many copies the
/// method stores and however its layers share: what methods are compared
/// at. It never holds more, and less than one of its rows less in all.
/// </summary>
/// <param name="method">The method.</param>
/// <param name="headsPerGroup">Query heads per key/value head, n.</param>
public sealed class EqualBytes(ICompressionMethod method, int headsPerGroup) : MethodWrapper(method)
{
    /// <inheritdoc/>
    public override ILayerBudget LayerBudget => new WithinBytes(Inner.Name, Inner.LayerBudget, Inner.HeadCopies(headsPerGroup));
}

/// <summary>
/// Another layer budget, whose rows with all their copies come to the rows of the budget in every layer, less than one row short in all.
/// </summary>
/// <param name="method">The method's name, for messages.</param>
/// <param name="budget">The budget.</param>
/// <param name="copies">Copies stored of each key/value head.</param>
internal sealed class WithinBytes(string method, ILayerBudget budget, int copies) : ILayerBudget
{
    /// <inheritdoc/>
    public string Name => budget.Name;

    /// <inheritdoc/>
    public bool NeedsMeasures => budget.NeedsMeasures;

    /// <inheritdoc/>
    public bool DropsNothing => budget.DropsNothing;

    /// <inheritdoc/>
    public IReadOnlyCollection<int> Required(TokenMap prompt) => budget.Required(prompt);

    /// <inheritdoc/>
    public Tensor Measure(in LayerObservation layer) => budget.Measure(layer);

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget total, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
    {
        var capacity = total.Capacity(prompt.Length);
        if (capacity == prompt.Length)
            return new KeepPlan?[layers];
        var tokens = capacity / copies;
        if (tokens < KvBudget.MinTokens)
            throw new StarKvException(
                $"{method} stores {copies} copies of each key/value head; at the bytes of {total} "
                    + $"({capacity} of {prompt.Length} tokens) it could keep {tokens}, and at least "
                    + $"{KvBudget.MinTokens} must be kept. Keep more, or choose granularity=kv-head.");

        // Rounding may leave a budget's own rows on either side: from the first that reach the bytes, the largest layers are reduced.
        var plans = Plans(tokens);
        while (Held(plans) < (long)capacity * layers && tokens + 1 < prompt.Length)
            plans = Plans(++tokens);
        while (Held(plans) > (long)capacity * layers && Largest(plans) > KvBudget.MinTokens)
        {
            var layer = Array.FindIndex(plans, p => p?.Rows == Largest(plans));
            plans[layer] = OneRowLess(plans[layer]!.Value);
        }

        return plans;

        static int Largest(KeepPlan?[] plans) => plans.Max(p => p?.Rows ?? 0);

        KeepPlan?[] Plans(int candidate) => [.. budget.Divide(KvBudget.Tokens(candidate), window, prompt, layers, measures)];

        // A layer that keeps its whole prompt is stored without copies.
        long Held(KeepPlan?[] plans) => plans.Sum(p => p?.Rows * (long)copies ?? prompt.Length);

        KeepPlan? OneRowLess(KeepPlan plan) =>
            plan.Past > 1 ? plan with { Past = plan.Past - 1 } : KeepPlan.OfRows(plan.Rows - 1, window, prompt.Length);
    }
}
