using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// STaR-KV's second axis: tokens of older screenshots count less, the more so the stabler their leading group's attention is.
/// </summary>
/// <remarks>Source: STaR-KV, arXiv 2606.01790, temporal stability discount; step 4 of docs/methods.md#star-kv.</remarks>
/// <param name="options">The method's options.</param>
internal sealed class TemporalDiscount(StarKvOptions options)
{
    /// <summary>
    /// The discount D of each token, [P], and each group's stability, [G]; older frames count less where the attention is stable.
    /// </summary>
    public (Tensor Discount, Tensor? Stability) Of(in LayerObservation o, Tensor groups, Tensor leader, StarKvState state)
    {
        if (!options.Temporal || o.Tokens.Frames.Count < 2 || o.LastFrameInPast is not { } span)
            return (ones([o.Past], ScalarType.Float32, groups.device), null);

        var pattern = groups.narrow(1, span.Start, span.End - span.Start);
        pattern = pattern / pattern.sum(1, true).clamp_min(1e-12);
        state.Pattern = state.Pattern is { } known && known.shape[1] == pattern.shape[1]
            ? StarKvState.Keep(known * options.PatternDecay + pattern * (1 - options.PatternDecay), known)
            : StarKvState.Keep(pattern, state.Pattern);
        var stability = nn.functional.cosine_similarity(pattern, state.Pattern, 1).clamp(0, 1);
        if (state.Prefills <= options.TemporalWarmup)
            return (ones([o.Past], ScalarType.Float32, groups.device), stability);

        var influence = options.StabilityFloor + (1 - options.StabilityFloor) * stability.index_select(0, leader);
        var age = FramesAgo(o).narrow(0, 0, o.Past);
        return (options.DiscountFloor + (1 - options.DiscountFloor) * (-options.TemporalDelta * age * influence).exp(), stability);
    }

    /// <summary>How many screenshots ago each row's token was seen, [L]; 0 for the last one and for text.</summary>
    public static Tensor FramesAgo(in LayerObservation o)
    {
        var tokens = o.Tokens;
        return o.OfSharedRows(o.Prompt.GetOrAdd(new FramesAgoKey(), () => tensor(Ages().Append(0).ToArray())));

        IEnumerable<float> Ages() => tokens.FrameOf.ToArray().Select(f => f < 0 ? 0f : tokens.Frames.Count - 1 - f);
    }

    private sealed record FramesAgoKey;
}
