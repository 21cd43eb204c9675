using System.Diagnostics.CodeAnalysis;
using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// STaR-KV, arXiv 2606.01790: window attention with a spatial boost,
/// weighted by how much a head group knows of the screen (subspace prior),
/// by how stable its attention stays over older screenshots (temporal
/// discount), and tempered by the attention's entropy. One selection per layer.
/// </summary>
/// <remarks>
/// docs/methods.md#star-kv lists what the paper and the released programs do differently, and which option follows which.
/// </remarks>
public sealed class StarKv : ICompressionMethod
{
    private static readonly Probe s_probe = new();
    private readonly StarKvOptions _o;
    private readonly SubspacePrior _prior;
    private readonly TemporalDiscount _discount;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default <see cref="StarKvOptions.Session"/>.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public StarKv(StarKvOptions? options = null)
    {
        _o = StarKvProbe.Checked(StarKvOptions.Table.Checked(options ?? StarKvOptions.Session));
        (_prior, _discount) = (new SubspacePrior(_o), new TemporalDiscount(_o));
    }

    /// <inheritdoc/>
    public string Name => "star-kv";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => StarKvOptions.Table.Write(_o);

    /// <inheritdoc/>
    public IReadOnlyList<LayerStateKind> States { get; } = [LayerStateKind.Of<StarKvState>("star-kv")];

    /// <inheritdoc/>
    public ILayerBudget LayerBudget => _o is { Entropy: true, AebScope: AebScope.LayerBudget }
        ? new EntropyBudget(
            new AttentionOptions { Window = _o.Window, Kernel = _o.Kernel, Pooling = _o.Pooling }, _o.MinTemperature, _o.MaxTemperature)
        : new UniformBudget();

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => _o.Window;

    /// <summary>Those of <see cref="Probe"/> with its defaults, where the method observes as it does; else none.</summary>
    public IReadOnlyList<string> Branches(AnswerStyle answers) => _o.Observe == StarKvObserve.Probe ? s_probe.Branches(answers) : [];

    /// <summary>Scores the past tokens, [1, P]: all heads of a layer keep the same tokens.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var seen = observation;
        return StarKvOnCard.Score(
            _o,
            seen,
            memory.For<StarKvState>(seen.Layer),
            _prior.Lambda,
            span => _prior.Cells(seen, span),
            () => TemporalDiscount.FramesAgo(seen))
            ?? Steps(seen, memory).Score.unsqueeze(0);
    }

    /// <summary>The score, [1, P], and every value on the way to it, for conformance checks.</summary>
    /// <param name="observation">The layer.</param>
    /// <param name="memory">What is remembered of it.</param>
    /// <param name="trace">
    /// Told of each value once: Attention [H, P], with <see cref="StarKvObserve.Probe"/> [G, P], Groups [G, P], Information [G], Weights
    /// [G], Lambda, WithPrior [P], Discount [P], Stability [G], WithDiscount [P], Temperature, Score [P]; not of those that the
    /// options leave out.
    /// </param>
    [Experimental("STARKV001")]
    public Tensor Score(in LayerObservation observation, LayerMemory memory, Action<string, Tensor> trace)
    {
        var steps = Steps(observation, memory);
        foreach (var (name, value) in steps.Named())
            trace(name, value);
        return steps.Score.unsqueeze(0);
    }

    /// <summary>The score with every intermediate value.</summary>
    internal StarKvSteps Steps(in LayerObservation o, LayerMemory memory)
    {
        var state = memory.For<StarKvState>(o.Layer);
        state.Prefills++;

        // Step 1: attention of the window [H, P], or of branches [G, P], boosted where the last screenshot stands out.
        var attention = StarKvProbe.Groups(_o, o) ?? OfWindow(o);

        // Step 2: the mean of each group [G, P] and of all heads [P]; each token follows the group that attends to it most.
        var groups = attention.view(o.KvHeads, -1, o.Past).mean([1]);
        var leader = groups.argmax(0);

        // Steps 3 and 4: one factor per token from the leading group's knowledge, one from the frame's age.
        var lambda = _prior.Lambda(state.Prefills);
        var information = _prior.Information(o, groups, state);
        var weights = _prior.GroupWeights(o, state);
        var prior = 1 - lambda + lambda * o.KvHeads * weights.index_select(0, leader);
        var (discount, stability) = _discount.Of(o, groups, leader, state);

        // Step 5: the attention's entropy sets an exponent.
        var temperature = _o.Entropy ? Temperature(attention, state) : null;
        var mean = _o is { Entropy: true, AebScope: AebScope.Head }
            ? attention.clamp_min(0).pow(temperature!.reciprocal()).mean([0])
            : attention.mean([0]);
        var weighted = mean * prior * discount;
        var score = temperature is null || _o.AebScope == AebScope.Head
            ? weighted
            : weighted.clamp_min(0).pow(temperature.reciprocal().squeeze());
        return new StarKvSteps(
            attention, groups, information, weights, lambda, mean * prior, discount, stability, weighted, temperature, score);
    }

    private Tensor OfWindow(in LayerObservation o)
    {
        var attention = WindowAttention.Pooled(o, _o.Kernel, _o.Pooling);
        new SpatialBoost(_o.Alpha, _o.SaliencyTemperature, _o.NormSource).AddTo(attention, o);
        return attention;
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
