using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>STaR-KV's first axis: head groups whose attention tells more about the place on the last screenshot weigh more.</summary>
/// <remarks>Source: STaR-KV, arXiv 2606.01790, subspace prior; step 3 of docs/methods.md#star-kv.</remarks>
/// <param name="options">The method's options.</param>
internal sealed class SubspacePrior(StarKvOptions options)
{
    private const int RankBins = 16, CellBins = 12;

    /// <summary>The prior's strength λ at a prefill, counted from 1.</summary>
    public double Lambda(int prefill) => options.PriorWarmup == 0 ? options.PriorStrength
        : prefill <= options.PriorWarmup ? 0
        : options.PriorStrength * Math.Min(1, (double)(prefill - options.PriorWarmup) / options.PriorRamp);

    /// <summary>
    /// What each group's attention tells about the place on the last screenshot,
    /// [G], remembered as a moving average; null without a screenshot.
    /// </summary>
    public Tensor? Information(in LayerObservation o, Tensor groups, StarKvState state)
    {
        if (options.PriorWarmup == 0 || o.LastFrameInPast is not { } span)
            return null;
        var now = MutualInformation(groups.narrow(1, span.Start, span.End - span.Start), Cells(o, span));
        state.Information = state.Information is { } known
            ? StarKvState.Keep(known * options.PriorDecay + now * (1 - options.PriorDecay), known)
            : StarKvState.Keep(now);
        return now;
    }

    /// <summary>The weight w of each group, [G]; equal where the groups know equally much.</summary>
    public Tensor GroupWeights(in LayerObservation o, StarKvState state)
    {
        if (state.Information is not { } information)
            return full([o.KvHeads], 1.0 / o.KvHeads, ScalarType.Float32, o.Keys.device);
        var min = information.amin([0]);
        var range = information.amax([0]) - min;
        // Below this the groups differ by rounding alone: with few tokens per cell, all have the same information.
        var scaled = where(range > 1e-9, (information - min) / range, full_like(information, 0.5));
        return nn.functional.softmax(scaled / options.PriorTemperature, 0).to(ScalarType.Float32);
    }

    /// <summary>Mutual information [G] between the rank of a token's attention (16 equal bins) and its screen cell (12×12 bins).</summary>
    private static Tensor MutualInformation(Tensor attention, Tensor cells)
    {
        var (groups, count) = (attention.shape[0], attention.shape[1]);
        var positive = attention.clamp_min(0);
        var (_, order) = sort(positive / positive.sum(1, true).clamp_min(1e-12), 1, descending: false, stable: true);
        var bins = (arange(count, ScalarType.Int64, attention.device) * RankBins).div(count, RoundingMode.floor).expand_as(order);
        var cellCount = CellBins * CellBins;
        var pairs = bins * cellCount + cells.expand(groups, count).gather(1, order);
        // In float64, so that groups with equal counts in another order come out equal.
        var joint = zeros([groups, RankBins * cellCount], ScalarType.Float64, attention.device)
            .scatter_add_(1, pairs, full([groups, count], 1.0 / count, ScalarType.Float64, attention.device))
            .view(groups, RankBins, cellCount);
        var independent = joint.sum(2, true) * joint.sum(1, true);
        return where(joint > 0, joint * (joint / independent).log(), zeros_like(joint)).sum([1, 2]);
    }

    /// <summary>The screen bin, 0–143, of each of the last frame's tokens, [count].</summary>
    public Tensor Cells(in LayerObservation o, (int Start, int End) span)
    {
        var count = span.End - span.Start;
        var rows = options.Grid == ScreenGrid.True ? o.Tokens.LastFrame!.Value.Rows : Math.Max(1, (int)Math.Round(Math.Sqrt(count)));
        var columns = options.Grid == ScreenGrid.True ? o.Tokens.LastFrame!.Value.Columns : (count + rows - 1) / rows;
        return o.Prompt.GetOrAdd(new CellsKey(rows, columns, count), () => tensor(Enumerable.Range(0, count).Select(i =>
            Bin(i / columns, rows) * CellBins + Bin(i % columns, columns)).ToArray()));

        static long Bin(int index, int size) => Math.Min(CellBins - 1, (long)((index + 0.5) / size * CellBins));
    }

    private sealed record CellsKey(int Rows, int Columns, int Count);
}
