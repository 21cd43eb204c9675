using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// ST-Lite, arXiv 2603.00188: window attention, to which screenshots' tokens add how much they stand out from the cells around them
/// (component-centric spatial saliency); tokens of earlier screenshots that the last one shows again do not pass (trajectory-aware semantic
/// gating). Every layer keeps as many rows.
/// </summary>
/// <remarks>docs/methods.md#st-lite lists what is ambiguous, and which option follows the paper and which the released program.</remarks>
public sealed class StLite : ICompressionMethod
{
    private readonly StLiteOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default <see cref="StLiteOptions.Session"/>.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public StLite(StLiteOptions? options = null) => _o = StLiteOptions.Table.Checked(options ?? StLiteOptions.Session);

    /// <inheritdoc/>
    public string Name => "st-lite";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => StLiteOptions.Table.Write(_o);

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => _o.Attention.HeadCopies(headsPerGroup);

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => _o.Attention.Window;

    /// <summary>Attention plus saliency, 0 where the gate is closed: [G, P], or [H, P] for query heads.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var scores = _o.Attention.Scores(observation);
        ScreenSaliency.AddTo(scores, observation, _o);
        HistoryGate.Close(scores, observation, _o);
        return scores;
    }

    /// <summary>
    /// Vectors of rows from <paramref name="start"/> on, float32: [1, n, D] of the layer's inputs, or [G, n, d] of the values where those
    /// are asked for or the inputs are gone.
    /// </summary>
    /// <param name="source">Which ones.</param>
    /// <param name="o">The layer.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">Rows n.</param>
    internal static Tensor Vectors(StLiteVectors source, in LayerObservation o, int start, int count) =>
        InputsFrom(source, o, start) is { HasVectors: true } inputs
            ? inputs.Rows(Norms(source), start, count).to(ScalarType.Float32).unsqueeze(0)
            : o.Values.narrow(1, start, count).to(ScalarType.Float32).contiguous();

    /// <summary>Lengths of these vectors, [1 or G, n]: known also where of the inputs nothing else is left.</summary>
    internal static Tensor Lengths(StLiteVectors source, in LayerObservation o, int start, int count) =>
        InputsFrom(source, o, start) is { } inputs
            ? inputs.Of(Norms(source), start, count).unsqueeze(0)
            : Vectors(StLiteVectors.Values, o, start, count).norm(2);

    private static TokenNorms? InputsFrom(StLiteVectors source, in LayerObservation o, int start) =>
        source != StLiteVectors.Values && o.Norms is { } norms && norms.FirstRow <= start ? norms : null;

    private static NormSource Norms(StLiteVectors source) => source == StLiteVectors.Residual ? NormSource.Residual : NormSource.Input;
}
