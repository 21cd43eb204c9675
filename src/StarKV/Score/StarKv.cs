using StarKV.Prefill;
using StarKV.Score.Kernels;
using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// STaR-KV, arXiv 2606.01790: window attention with a spatial boost, weighted by how much a head group knows of the screen (subspace prior),
/// by how stable its attention stays over older screenshots (temporal discount), and tempered by the attention's entropy. One selection a layer.
/// </summary>
/// <remarks>docs/methods.md#star-kv lists what the paper and the released programs do differently, and which option follows which.</remarks>
public sealed class StarKv : ICompressionMethod
{
    private const int RankBins = 16, CellBins = 12;
    private readonly StarKvOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default <see cref="StarKvOptions.Session"/>.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public StarKv(StarKvOptions? options = null) => _o = StarKvOptions.Table.Checked(options ?? StarKvOptions.Session);

    /// <inheritdoc/>
    public string Name => "star-kv";

    /// <inheritdoc/>
    public ILayerBudget LayerBudget => _o is { Entropy: true, AebScope: AebScope.LayerBudget }
        ? new EntropyBudget(new AttentionOptions { Window = _o.Window, Kernel = _o.Kernel, Pooling = _o.Pooling }, _o.MinTemperature, _o.MaxTemperature)
        : new UniformBudget();

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => _o.Window;

    /// <summary>Scores the past tokens, [1, P]: all heads of a layer keep the same tokens.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var seen = observation;
        return StarKvKernels.Score(_o, seen, memory.For<StarKvState>(seen.Layer), Lambda, span => Cells(seen, span), () => FramesAgo(seen))
            ?? Steps(seen, memory).Score.unsqueeze(0);
    }

    /// <summary>The score with every intermediate value, for conformance checks.</summary>
    internal StarKvSteps Steps(in LayerObservation o, LayerMemory memory)
    {
        var state = memory.For<StarKvState>(o.Layer);
        state.Prefills++;

        // Step 1: window attention [H, P], boosted where the last screenshot stands out.
        var attention = WindowAttention.Pooled(o, _o.Kernel, _o.Pooling);
        new SpatialBoost(_o.Alpha, _o.SaliencyTemperature, _o.NormSource).AddTo(attention, o);

        // Step 2: the mean of each group [G, P] and of all heads [P]; each token follows the group that attends to it most.
        var groups = attention.view(o.KvHeads, o.HeadsPerGroup, o.Past).mean([1]);
        var leader = groups.argmax(0);

        // Steps 3 and 4: one factor per token from the leading group's knowledge, one from the frame's age.
        var lambda = Lambda(state.Prefills);
        var information = Information(o, groups, state);
        var weights = GroupWeights(o, state);
        var prior = 1 - lambda + lambda * o.KvHeads * weights.index_select(0, leader);
        var (discount, stability) = Discount(o, groups, leader, state);

        // Step 5: the attention's entropy sets an exponent.
        var temperature = _o.Entropy ? Temperature(attention, state) : null;
        var mean = _o is { Entropy: true, AebScope: AebScope.Head }
            ? attention.clamp_min(0).pow(temperature!.reciprocal()).mean([0])
            : attention.mean([0]);
        var weighted = mean * prior * discount;
        var score = temperature is null || _o.AebScope == AebScope.Head ? weighted : weighted.clamp_min(0).pow(temperature.reciprocal().squeeze());
        return new StarKvSteps(attention, groups, information, weights, lambda, mean * prior, discount, stability, weighted, temperature, score);
    }

    /// <summary>The prior's strength λ at a prefill, counted from 1.</summary>
    private double Lambda(int prefill) => _o.PriorWarmup == 0 ? _o.PriorStrength
        : prefill <= _o.PriorWarmup ? 0
        : _o.PriorStrength * Math.Min(1, (double)(prefill - _o.PriorWarmup) / _o.PriorRamp);

    /// <summary>What each group's attention tells about the place on the last screenshot, [G], remembered as a moving average; null without a screenshot.</summary>
    private Tensor? Information(in LayerObservation o, Tensor groups, StarKvState state)
    {
        if (_o.PriorWarmup == 0 || o.LastFrameInPast is not { } span)
            return null;
        var now = MutualInformation(groups.narrow(1, span.Start, span.End - span.Start), Cells(o, span));
        state.Information = state.Information is { } known
            ? StarKvState.Keep(known * _o.PriorDecay + now * (1 - _o.PriorDecay), known)
            : StarKvState.Keep(now);
        return now;
    }

    /// <summary>The weight w of each group, [G]; equal where the groups know equally much.</summary>
    private Tensor GroupWeights(in LayerObservation o, StarKvState state)
    {
        if (state.Information is not { } information)
            return full([o.KvHeads], 1.0 / o.KvHeads, ScalarType.Float32, o.Keys.device);
        var least = information.amin([0], true);
        var range = information.amax([0], true) - least;
        // Below this the groups differ by rounding alone: with few tokens a cell, all have the same information.
        var scaled = where(range > 1e-9, (information - least) / range, full_like(information, 0.5));
        return nn.functional.softmax(scaled / _o.PriorTemperature, 0).to(ScalarType.Float32);
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
    private Tensor Cells(in LayerObservation o, (int Start, int End) span)
    {
        var count = span.End - span.Start;
        var rows = _o.Grid == ScreenGrid.True ? o.Tokens.LastFrame!.Value.Rows : Math.Max(1, (int)Math.Round(Math.Sqrt(count)));
        var columns = _o.Grid == ScreenGrid.True ? o.Tokens.LastFrame!.Value.Columns : (count + rows - 1) / rows;
        return o.Prompt.Once($"star-kv/cells/{rows}x{columns}/{count}", () => tensor(Enumerable.Range(0, count).Select(i =>
            Bin(i / columns, rows) * CellBins + Bin(i % columns, columns)).ToArray()));

        static long Bin(int index, int size) => Math.Min(CellBins - 1, (long)((index + 0.5) / size * CellBins));
    }

    /// <summary>The discount D of each token, [P], and each group's stability, [G]; older frames count less where the attention is stable.</summary>
    private (Tensor Discount, Tensor? Stability) Discount(in LayerObservation o, Tensor groups, Tensor leader, StarKvState state)
    {
        if (!_o.Temporal || o.Frames.Count < 2 || o.LastFrameInPast is not { } span)
            return (ones([o.Past], ScalarType.Float32, groups.device), null);

        var pattern = groups.narrow(1, span.Start, span.End - span.Start);
        pattern = pattern / pattern.sum(1, true).clamp_min(1e-12);
        state.Pattern = state.Pattern is { } known && known.shape[1] == pattern.shape[1]
            ? StarKvState.Keep(known * _o.PatternDecay + pattern * (1 - _o.PatternDecay), known)
            : StarKvState.Keep(pattern, state.Pattern);
        var stability = nn.functional.cosine_similarity(pattern, state.Pattern, 1).clamp(0, 1);
        if (state.Prefills <= _o.TemporalWarmup)
            return (ones([o.Past], ScalarType.Float32, groups.device), stability);

        var influence = _o.StabilityFloor + (1 - _o.StabilityFloor) * stability.index_select(0, leader);
        var age = FramesAgo(o).narrow(0, 0, o.Past);
        return (_o.DiscountFloor + (1 - _o.DiscountFloor) * (-_o.TemporalDelta * age * influence).exp(), stability);
    }

    /// <summary>How many screenshots ago each token was seen, [L]; 0 for the last one and for text.</summary>
    private static Tensor FramesAgo(in LayerObservation o)
    {
        var tokens = o.Tokens;
        return o.Prompt.Once("frames-ago", () => tensor(tokens.FrameOf.ToArray().Select(f => f < 0 ? 0f : tokens.Frames.Count - 1 - f).ToArray()));
    }

    /// <summary>The temperature T from the normalised entropy: [1, 1] for the layer, [H, 1] for each head.</summary>
    private Tensor Temperature(Tensor attention, StarKvState state)
    {
        var entropy = AttentionEntropy.Of(_o.AebScope == AebScope.Head ? attention : attention.mean([0], true));
        var now = _o.MinTemperature + (_o.MaxTemperature - _o.MinTemperature) * entropy;
        if (state.Temperature is { } known && _o.TemperatureSmoothing > 0)
            now = known * _o.TemperatureSmoothing + now * (1 - _o.TemperatureSmoothing);
        state.Temperature = StarKvState.Keep(now, state.Temperature);
        return now;
    }
}
