using StarKV.Observe;

namespace StarKV.Score;

/// <summary>Options of <see cref="StarKv"/>; the symbols are those of arXiv 2606.01790.</summary>
public sealed record StarKvOptions
{
    /// <summary>Selections equal to the released programs': square grid. Each sample needs a fresh <see cref="LayerMemory"/>.</summary>
    public static StarKvOptions Reference { get; } = new() { Grid = ScreenGrid.Square };

    /// <summary>For sessions: the true grid. Keep the <see cref="LayerMemory"/> for the session, so that all three axes act.</summary>
    public static StarKvOptions Session { get; } = new();

    /// <value>Observation window W, 1–256 queries; default 8.</value>
    public int Window { get; init; } = 8;

    /// <value>Pooling kernel, odd, 1–63 tokens; default 5.</value>
    public int Kernel { get; init; } = 5;

    /// <value>Pooling along tokens; default average.</value>
    public Pooling Pooling { get; init; } = Pooling.Average;

    /// <value>Whose attention is looked at; default the last queries', as published.</value>
    public StarKvObserve Observe { get; init; } = StarKvObserve.Window;

    /// <value>Strength α of the spatial boost, 0–100; default 2.</value>
    public double Alpha { get; init; } = 2;

    /// <value>Temperature τ_s of the spatial boost, 0.01–100; default 3.5.</value>
    public double SaliencyTemperature { get; init; } = 3.5;

    /// <value>Vectors whose lengths give the spatial boost; default the attention's input.</value>
    public NormSource NormSource { get; init; } = NormSource.Input;

    /// <value>Target strength λ of the subspace prior, 0–1; default 0.5.</value>
    public double PriorStrength { get; init; } = 0.5;

    /// <value>Prefills N before the prior starts, 0–10,000; default 5. As in the released programs, 0 switches the prior off.</value>
    public int PriorWarmup { get; init; } = 5;

    /// <value>Prefills R over which the prior grows to its target, 1–10,000; default 10.</value>
    public int PriorRamp { get; init; } = 10;

    /// <value>Decay of the mutual information's moving average, 0–1; default 0.9.</value>
    public double PriorDecay { get; init; } = 0.9;

    /// <value>Temperature of the softmax over groups, 0.01–100; default 1.</value>
    public double PriorTemperature { get; init; } = 1;

    /// <value>Screen grid of the prior; default the true one.</value>
    public ScreenGrid Grid { get; init; } = ScreenGrid.True;

    /// <value>Whether older screenshots are discounted; default true.</value>
    public bool Temporal { get; init; } = true;

    /// <value>Discount rate δ a screenshot of age, 0–10; default 0.1.</value>
    public double TemporalDelta { get; init; } = 0.1;

    /// <value>Decay ρ of the remembered attention pattern, 0–1; default 0.9.</value>
    public double PatternDecay { get; init; } = 0.9;

    /// <value>Least influence ε of age when a pattern is unstable, 0–1; default 0.</value>
    public double StabilityFloor { get; init; }

    /// <value>Smallest discount D_min, 0–1; default 0.</value>
    public double DiscountFloor { get; init; }

    /// <value>Prefills before discounting starts, 0–10,000; default 0.</value>
    public int TemporalWarmup { get; init; }

    /// <value>Whether scores are tempered by the attention's entropy; default true.</value>
    public bool Entropy { get; init; } = true;

    /// <value>Temperature at entropy 0, 0.01–100; default 0.75.</value>
    public double MinTemperature { get; init; } = 0.75;

    /// <value>Temperature at the largest entropy, 0.01–100; default 1.25.</value>
    public double MaxTemperature { get; init; } = 1.25;

    /// <value>Share of the previous temperature in the next, 0–1; default 0.</value>
    public double TemperatureSmoothing { get; init; }

    /// <value>Scope of the entropy temperature; default the layer, as published.</value>
    public AebScope AebScope { get; init; } = AebScope.Layer;

    /// <summary>Every option with its name, bounds and meaning.</summary>
    internal static OptionTable<StarKvOptions> Table { get; } = new OptionTable<StarKvOptions>("star-kv")
        .Whole("window", o => o.Window, (o, v) => o with { Window = v }, 1, 256, "observation window W in queries")
        .Whole("kernel", o => o.Kernel, (o, v) => o with { Kernel = v }, 1, 63, "pooling kernel in tokens", odd: true)
        .Choice("pooling", o => o.Pooling, (o, v) => o with { Pooling = v }, "pooling along tokens", ("average", Pooling.Average),
            ("max", Pooling.Max))
        .Choice("observe", o => o.Observe, (o, v) => o with { Observe = v }, "whose attention is looked at",
            ("window", StarKvObserve.Window), ("probe", StarKvObserve.Probe))
        .Number("alpha", o => o.Alpha, (o, v) => o with { Alpha = v }, 0, 100, "strength α of the spatial boost")
        .Number("saliency-temperature", o => o.SaliencyTemperature, (o, v) => o with { SaliencyTemperature = v }, 0.01, 100,
            "temperature τ_s of the spatial boost")
        .Choice("norm-source", o => o.NormSource, (o, v) => o with { NormSource = v }, "vectors whose lengths give the spatial boost",
            ("input", NormSource.Input), ("residual", NormSource.Residual))
        .Number(
            "prior-strength", o => o.PriorStrength, (o, v) => o with { PriorStrength = v }, 0, 1, "target strength λ of the subspace prior")
        .Whole("prior-warmup", o => o.PriorWarmup, (o, v) => o with { PriorWarmup = v }, 0, 10_000,
            "prefills N before the prior starts; 0 switches it off")
        .Whole("prior-ramp", o => o.PriorRamp, (o, v) => o with { PriorRamp = v }, 1, 10_000, "prefills R over which the prior grows to λ")
        .Number(
            "prior-decay", o => o.PriorDecay, (o, v) => o with { PriorDecay = v }, 0, 1, "decay of the mutual information's moving average")
        .Number("prior-temperature", o => o.PriorTemperature, (o, v) => o with { PriorTemperature = v }, 0.01, 100,
            "temperature of the softmax over groups")
        .Choice("grid", o => o.Grid, (o, v) => o with { Grid = v }, "screen grid of the prior", ("true", ScreenGrid.True),
            ("square", ScreenGrid.Square))
        .Switch("temporal", o => o.Temporal, (o, v) => o with { Temporal = v }, "whether older screenshots are discounted")
        .Number(
            "temporal-delta", o => o.TemporalDelta, (o, v) => o with { TemporalDelta = v }, 0, 10, "discount rate δ per screenshot of age")
        .Number("pattern-decay", o => o.PatternDecay, (o, v) => o with { PatternDecay = v }, 0, 1,
            "decay ρ of the remembered attention pattern")
        .Number("stability-floor", o => o.StabilityFloor, (o, v) => o with { StabilityFloor = v }, 0, 1, "least influence ε of age")
        .Number("discount-floor", o => o.DiscountFloor, (o, v) => o with { DiscountFloor = v }, 0, 1, "smallest discount D_min")
        .Whole("temporal-warmup", o => o.TemporalWarmup, (o, v) => o with { TemporalWarmup = v }, 0, 10_000,
            "prefills before discounting starts")
        .Switch("entropy", o => o.Entropy, (o, v) => o with { Entropy = v }, "whether scores are tempered by the attention's entropy")
        .Number("min-temperature", o => o.MinTemperature, (o, v) => o with { MinTemperature = v }, 0.01, 100, "temperature at entropy 0")
        .Number("max-temperature", o => o.MaxTemperature, (o, v) => o with { MaxTemperature = v }, 0.01, 100,
            "temperature at the largest entropy")
        .Number("temperature-smoothing", o => o.TemperatureSmoothing, (o, v) => o with { TemperatureSmoothing = v }, 0, 1,
            "share of the previous temperature in the next")
        .Choice("aeb-scope", o => o.AebScope, (o, v) => o with { AebScope = v }, "scope of the entropy temperature",
            ("layer", AebScope.Layer), ("head", AebScope.Head), ("layer-budget", AebScope.LayerBudget));
}
