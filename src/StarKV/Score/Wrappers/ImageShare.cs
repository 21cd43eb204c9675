using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score.Wrappers;

/// <summary>
/// Another method under the convention that some papers use: all text is kept, and the budget is a share of the screenshots' tokens alone.
/// What is kept of the whole prompt is therefore more than the budget says; reports give both.
/// </summary>
/// <param name="method">The method.</param>
public sealed class ImageShare(ICompressionMethod method) : MethodWrapper(method)
{
    private static readonly ProtectedTokens s_text = new() { Text = true };
    private readonly Protected _text = new(method, s_text);

    /// <inheritdoc/>
    public override ILayerBudget LayerBudget => new OfImage(Inner.LayerBudget);

    /// <summary>The method's draft, whose cache's budget is a share of the screenshots' tokens too.</summary>
    public override DraftRequest? Draft => Inner.Draft?.Within(m => new ImageShare(m));

    /// <inheritdoc/>
    public override Tensor Score(in LayerObservation observation, LayerMemory memory) => _text.Score(observation, memory);

    /// <summary>
    /// Another layer budget, given the text's tokens and the budget's share of
    /// the screenshots'; no layer gets less than text, window and one token more.
    /// </summary>
    private sealed class OfImage(ILayerBudget budget) : ILayerBudget
    {
        public string Name => budget.Name;

        public bool NeedsMeasures => budget.NeedsMeasures;

        public bool DropsNothing => budget.DropsNothing;

        public IReadOnlyCollection<int> Required(TokenMap prompt) => [.. s_text.In(prompt).Union(budget.Required(prompt))];

        public Tensor Measure(in LayerObservation layer) => budget.Measure(layer);

        public IReadOnlyList<KeepPlan?> Divide(KvBudget total, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
        {
            var image = total.Capacity(prompt.VisionTokens);
            if (image >= prompt.VisionTokens)
                return new KeepPlan?[layers];
            var min = Required(prompt).Count(t => t < prompt.Length - window) + window + 1;
            var mean = Math.Max(min, prompt.Length - prompt.VisionTokens + image);
            var plans = mean >= prompt.Length
                ? new KeepPlan?[layers]
                : budget.Divide(KvBudget.Tokens(mean), window, prompt, layers, measures);
            var given = plans.Select(p => p?.Rows ?? prompt.Length).ToArray();
            var rows = given.Select(r => Math.Max(r, min)).ToArray();
            return [.. LayerShares.TrimLargest(rows, rows.Sum() - given.Sum(), min).Select(r => KeepPlan.OfRows(r, window, prompt.Length))];
        }
    }
}
