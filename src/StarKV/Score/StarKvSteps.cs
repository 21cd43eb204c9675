using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>The values that <see cref="StarKv"/> computes on its way to a score; P past tokens, G groups, H heads.</summary>
/// <param name="Attention">Pooled and boosted window attention, [H, P].</param>
/// <param name="Groups">Its mean per group S, [G, P].</param>
/// <param name="Information">Mutual information at this prefill, [G]; null without a prior or a screenshot.</param>
/// <param name="Weights">Group weights w, [G].</param>
/// <param name="Lambda">The prior's strength λ at this prefill.</param>
/// <param name="WithPrior">Mean attention times prior, [P].</param>
/// <param name="Discount">Temporal discount D, [P].</param>
/// <param name="Stability">Stability of each group, [G]; null without a discount.</param>
/// <param name="WithDiscount">Mean attention times prior times discount, [P].</param>
/// <param name="Temperature">Entropy temperature T; null when switched off.</param>
/// <param name="Score">The score, [P].</param>
internal sealed record StarKvSteps(
    Tensor Attention,
    Tensor Groups,
    Tensor? Information,
    Tensor Weights,
    double Lambda,
    Tensor WithPrior,
    Tensor Discount,
    Tensor? Stability,
    Tensor WithDiscount,
    Tensor? Temperature,
    Tensor Score)
{
    /// <summary>The values that there are, by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> Named()
    {
        (string Name, Tensor? Value)[] all =
        [
            (nameof(Attention), Attention), (nameof(Groups), Groups), (nameof(Information), Information), (nameof(Weights), Weights),
            (nameof(Lambda), tensor((float)Lambda)), (nameof(WithPrior), WithPrior), (nameof(Discount), Discount),
            (nameof(Stability), Stability), (nameof(WithDiscount), WithDiscount), (nameof(Temperature), Temperature),
            (nameof(Score), Score),
        ];
        return all.Where(step => step.Value is not null).Select(step => (step.Name, step.Value!));
    }
}
