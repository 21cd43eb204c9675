using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>Options of <see cref="PyramidKv"/>.</summary>
public sealed record PyramidKvOptions
{
    /// <summary>All layers together keep the budget exactly: the defaults.</summary>
    public static PyramidKvOptions Exact { get; } = new();

    /// <summary>The released program's rounding, with which the layers may keep more than the budget.</summary>
    public static PyramidKvOptions Reference { get; } = new() { Rounding = PyramidRounding.Published };

    /// <value>Window, pooling and granularity.</value>
    public AttentionOptions Attention { get; init; } = new();

    /// <value>
    /// Steepness β, 1–1,000: the last layer keeps 1/β of the mean, or more where the first would keep more than there is. Default 20.
    /// </value>
    public int Beta { get; init; } = 20;

    /// <value>How the layers' shares become whole rows; default so that their sum is the budget exactly.</value>
    public PyramidRounding Rounding { get; init; } = PyramidRounding.Exact;

    internal static OptionTable<PyramidKvOptions> Table { get; } = AttentionOptions
        .AddTo(new OptionTable<PyramidKvOptions>("pyramidkv"), o => o.Attention, (o, a) => o with { Attention = a })
        .Whole("beta", o => o.Beta, (o, v) => o with { Beta = v }, 1, 1000, "steepness β: the last layer keeps 1/β of the mean")
        .Choice(
            "rounding",
            o => o.Rounding,
            (o, v) => o with { Rounding = v },
            "how the layers' shares become whole rows",
            ("exact", PyramidRounding.Exact),
            ("published", PyramidRounding.Published));
}

/// <summary>PyramidKV, arXiv 2406.02069: SnapKV's scores, with more capacity for early layers and less for late ones.</summary>
public sealed class PyramidKv : ICompressionMethod
{
    private readonly PyramidKvOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default β = 20, all layers together at the budget exactly.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public PyramidKv(PyramidKvOptions? options = null) => _o = PyramidKvOptions.Table.Checked(options ?? new PyramidKvOptions());

    /// <inheritdoc/>
    public string Name => "pyramidkv";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => PyramidKvOptions.Table.Write(_o);

    /// <inheritdoc/>
    public ILayerBudget LayerBudget => new PyramidBudget(_o.Beta, _o.Rounding);

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => _o.Attention.HeadCopies(headsPerGroup);

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => _o.Attention.Window;

    /// <summary>Pooled window attention, [G, P], or [H, P] for query heads.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory) => _o.Attention.Scores(observation);
}
