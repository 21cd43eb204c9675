using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score.Wrappers;

/// <summary>Another method, with tokens that it may not drop. They count in the budget.</summary>
/// <param name="method">The method.</param>
/// <param name="what">The tokens.</param>
public sealed class Protected(ICompressionMethod method, ProtectedTokens what) : MethodWrapper(method)
{
    /// <summary>How lists of methods name it, next to a method's own options.</summary>
    public const string OptionName = "protect";

    private readonly ProtectedTokens _what = what ?? throw new ArgumentNullException(nameof(what));

    /// <value>Whether the window is shortened where it and the tokens do not fit together; default false, and they are refused.</value>
    private bool WindowGivesWay { get; init; }

    /// <inheritdoc/>
    public override ILayerBudget LayerBudget => new RoomForProtected(Inner.LayerBudget, _what, WindowGivesWay);

    /// <summary>The method's draft, whose cache may not drop the tokens either; what fits for the method does so for its draft.</summary>
    public override DraftRequest? Draft => Inner.Draft?.Within(m => new Protected(m, _what) { WindowGivesWay = true });

    /// <summary>The method's scores, +∞ for the protected tokens.</summary>
    public override Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var (prompt, scores) = (observation.Tokens, Inner.Score(observation, memory));
        // Kept for this wrapper: others may protect other tokens.
        var bonus = observation.Prompt.GetOrAdd(this, () =>
        {
            var values = new float[prompt.Length + 1];
            foreach (var token in _what.In(prompt))
                values[token] = float.PositiveInfinity;
            return tensor(values);
        });
        return scores + observation.OfRows(bonus).narrow(1, 0, observation.Past);
    }
}

/// <summary>Another layer budget, in which no layer gets too little for the protected tokens; layers with more are reduced.</summary>
/// <param name="budget">The budget.</param>
/// <param name="what">The protected tokens.</param>
/// <param name="windowGivesWay">Whether the window is shortened where it does not fit; default false.</param>
internal sealed class RoomForProtected(ILayerBudget budget, ProtectedTokens what, bool windowGivesWay = false) : ILayerBudget
{
    /// <inheritdoc/>
    public string Name => budget.Name;

    /// <inheritdoc/>
    public bool NeedsMeasures => budget.NeedsMeasures;

    /// <inheritdoc/>
    public bool DropsNothing => budget.DropsNothing;

    /// <summary>The protected tokens, those of wrappers further in included.</summary>
    public IReadOnlyCollection<int> Required(TokenMap prompt) => [.. what.In(prompt).Union(budget.Required(prompt))];

    /// <inheritdoc/>
    public Tensor Measure(in LayerObservation layer) => budget.Measure(layer);

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget total, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
    {
        var (required, capacity) = (Required(prompt).Count, total.Capacity(prompt.Length));
        if (windowGivesWay)
            window = Math.Clamp(capacity - required, 1, window);
        var plans = budget.Divide(total, window, prompt, layers, measures);
        var needed = required + window;
        if (plans.All(p => p is null || p.Value.Rows >= needed))
            return plans;
        if (capacity < needed)
            throw new StarKvException(
                $"{needed - window} protected tokens and a window of {window} do not fit into the {capacity} "
                    + $"tokens that a budget of {total} keeps of {prompt.Length}. Keep more or protect less.");
        var rows = plans.Select(p => p?.Rows ?? prompt.Length).ToArray();
        var held = rows.Sum();
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Math.Max(rows[i], needed);
        return [.. LayerShares.TrimLargest(rows, rows.Sum() - held, needed).Select(r => KeepPlan.OfRows(r, window, prompt.Length))];
    }
}
