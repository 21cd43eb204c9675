using StarKV.Kernels;
using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>STaR-KV's steps 2 to 5 by kernels, in three launches; the state is the one that <see cref="StarKv"/> keeps.</summary>
internal static class StarKvOnCard
{
    /// <summary>The score [1, P], as <see cref="StarKv"/> computes it with tensor operations; null where the kernels cannot run.</summary>
    /// <param name="options">The method's options.</param>
    /// <param name="o">The layer.</param>
    /// <param name="state">What the method remembers of the layer; updated, its count of prefills included.</param>
    /// <param name="lambda">The prior's strength at a prefill, counted from 1.</param>
    /// <param name="cells">The screen bin of each of the last screenshot's tokens, [count], int64.</param>
    /// <param name="age">How many screenshots ago each token was seen, [L].</param>
    public static Tensor? Score(
        StarKvOptions options, in LayerObservation o, StarKvState state, Func<int, double> lambda, Func<(int Start, int End), Tensor> cells,
        Func<Tensor> age)
    {
        var span = o.LastFrameInPast;
        var count = span?.End - span?.Start ?? 0;
        if (options is { Entropy: true, AebScope: AebScope.Head } || o.KvHeads > StarKvKernels.MaxGroups
            || CudaKernels.For(o.Keys) is not { } kernels || StarKvKernels.RanksBytes(count) > kernels.MaxSharedBytes)
            return null;
        var boost = new SpatialBoost(options.Alpha, options.SaliencyTemperature, options.NormSource);
        if ((StarKvProbe.Groups(options, o) ?? WindowAttentionOnCard.Groups(o, options.Kernel, options.Pooling, boost)) is not { } groups)
            return null;

        state.Prefills++;
        var device = o.Keys.device;
        var stability = o.Prompt.Scratch("star-kv/stability", o.KvHeads);
        var prior = options.PriorWarmup > 0 && span is not null;
        var temporal = options.Temporal && o.Tokens.Frames.Count > 1 && span is not null;
        if (prior || temporal)
        {
            var start = span!.Value.Start;
            var (freshInformation, freshPattern) = (state.Information is null, state.Pattern?.shape[1] != count);
            if (prior)
                state.Information ??= StarKvState.Keep(empty([o.KvHeads], ScalarType.Float64, device));
            if (temporal && freshPattern)
                state.Pattern = StarKvState.Keep(empty([o.KvHeads, count], ScalarType.Float32, device), state.Pattern);
            var bins = o.Prompt.Scratch("star-kv/bins", (long)o.KvHeads * count);
            if (prior)
                StarKvKernels.Ranks(kernels, groups, o.KvHeads, o.Past, start, count, bins);
            StarKvKernels.Groups(
                kernels, groups, o.KvHeads, o.Past, start, count, bins, prior ? cells(span.Value) : null,
                prior ? state.Information : null, freshInformation, options.PriorDecay,
                temporal ? state.Pattern : null, freshPattern, (float)options.PatternDecay, stability);
        }

        var discount = temporal && state.Prefills > options.TemporalWarmup;
        var freshTemperature = state.Temperature is null || options.TemperatureSmoothing == 0;
        if (options.Entropy)
            state.Temperature ??= StarKvState.Keep(empty([1, 1], ScalarType.Float32, device));
        var score = empty([1, o.Past], ScalarType.Float32, device);
        StarKvKernels.Score(
            kernels, groups, o.KvHeads, o.Past, state.Information, (float)lambda(state.Prefills), (float)options.PriorTemperature,
            discount ? stability : null, discount ? age() : null, (float)options.TemporalDelta, (float)options.StabilityFloor,
            (float)options.DiscountFloor, options.Entropy ? state.Temperature : null, freshTemperature, (float)options.TemperatureSmoothing,
            (float)options.MinTemperature, (float)options.MaxTemperature, score);
        return score;
    }
}
