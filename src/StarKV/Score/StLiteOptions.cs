namespace StarKV.Score;

/// <summary>Which vectors <see cref="StLite"/> compares: neighbouring cells for the saliency, screenshots for the gate.</summary>
public enum StLiteVectors
{
    /// <summary>The values of each key/value head, which a cache still has in later steps: compared head by head.</summary>
    Values,

    /// <summary>The attention's input, after the layer's norm, as in the released program; values where the inputs are gone.</summary>
    Input,

    /// <summary>The residual stream before that norm; values where it is gone.</summary>
    Residual,
}

/// <summary>What makes a cell of a screenshot salient for <see cref="StLite"/>.</summary>
public enum StLiteSaliency
{
    /// <summary>How little it resembles its up to eight neighbours on the grid: the paper's component-centric saliency.</summary>
    Neighbours,

    /// <summary>
    /// How long its vector is, plus the mean of the 3×3 lengths around it where the number of cells is a square number; the cells are then
    /// laid out as that square, whatever the screen's grid, and zeros around it count: the released program.
    /// </summary>
    Norms,
}

/// <summary>How <see cref="StLite"/> brings the saliency to the attention's size.</summary>
public enum StLiteScale
{
    /// <summary>Softmax of the standardised saliencies, which sum to 1 over each screenshot: the released program.</summary>
    Softmax,

    /// <summary>As it is: the sum that the paper prints. It is some hundred times the attention, so text goes first.</summary>
    Plain,
}

/// <summary>Which screenshots <see cref="StLite"/> looks at for salient cells.</summary>
public enum StLiteScreens
{
    /// <summary>All that are whole, as in the paper.</summary>
    All,

    /// <summary>The last one, as in the released program.</summary>
    Last,
}

/// <summary>How many tokens of earlier screenshots <see cref="StLite"/> lets through.</summary>
public enum StLiteGate
{
    /// <summary>As many as the layer keeps rows, the least like the last screenshot, as in the paper.</summary>
    Budget,

    /// <summary>The share of them that the layer keeps of all rows, as in the released program.</summary>
    Share,

    /// <summary>All: no gate.</summary>
    Off,
}

/// <summary>Options of <see cref="StLite"/>; the symbols are those of docs/methods.md#st-lite.</summary>
public sealed record StLiteOptions
{
    /// <summary>
    /// The defaults: the paper's formulas on the cache's values, so that a session that reads only what is new chooses as if everything
    /// were read again.
    /// </summary>
    public static StLiteOptions Session { get; } = new();

    /// <summary>The paper's formulas on the layer's inputs.</summary>
    public static StLiteOptions Paper { get; } = new() { Vectors = StLiteVectors.Input };

    /// <summary>The released program's choices.</summary>
    public static StLiteOptions Reference { get; } = new()
    {
        Vectors = StLiteVectors.Input,
        Saliency = StLiteSaliency.Norms,
        Screens = StLiteScreens.Last,
        Gate = StLiteGate.Share,
    };

    /// <value>Window, pooling and granularity.</value>
    public AttentionOptions Attention { get; init; } = new();

    /// <value>Which vectors are compared; default the values.</value>
    public StLiteVectors Vectors { get; init; } = StLiteVectors.Values;

    /// <value>What makes a cell salient; default that it does not resemble its neighbours.</value>
    public StLiteSaliency Saliency { get; init; } = StLiteSaliency.Neighbours;

    /// <value>How the saliency is brought to the attention's size; default by a softmax.</value>
    public StLiteScale Scale { get; init; } = StLiteScale.Softmax;

    /// <value>Which screenshots have salient cells; default all.</value>
    public StLiteScreens Screens { get; init; } = StLiteScreens.All;

    /// <value>Strength α of the saliency, 0–100; default 1, 0 switches it off.</value>
    public double Alpha { get; init; } = 1;

    /// <value>How many tokens of earlier screenshots pass; default as many as the layer keeps rows.</value>
    public StLiteGate Gate { get; init; } = StLiteGate.Budget;

    internal static OptionTable<StLiteOptions> Table { get; } = AttentionOptions
        .AddTo(new OptionTable<StLiteOptions>("st-lite"), o => o.Attention, (o, a) => o with { Attention = a })
        .Choice("vectors", o => o.Vectors, (o, v) => o with { Vectors = v }, "vectors that are compared",
            ("values", StLiteVectors.Values), ("input", StLiteVectors.Input), ("residual", StLiteVectors.Residual))
        .Choice("saliency", o => o.Saliency, (o, v) => o with { Saliency = v }, "what makes a cell of a screenshot salient",
            ("neighbours", StLiteSaliency.Neighbours), ("norms", StLiteSaliency.Norms))
        .Choice("saliency-scale", o => o.Scale, (o, v) => o with { Scale = v }, "how the saliency is brought to the attention's size",
            ("softmax", StLiteScale.Softmax), ("plain", StLiteScale.Plain))
        .Choice("saliency-screens", o => o.Screens, (o, v) => o with { Screens = v }, "screenshots that have salient cells",
            ("all", StLiteScreens.All), ("last", StLiteScreens.Last))
        .Number("alpha", o => o.Alpha, (o, v) => o with { Alpha = v }, 0, 100, "strength α of the saliency; 0 switches it off")
        .Choice("gate", o => o.Gate, (o, v) => o with { Gate = v }, "how many tokens of earlier screenshots pass",
            ("budget", StLiteGate.Budget), ("share", StLiteGate.Share), ("off", StLiteGate.Off));
}
