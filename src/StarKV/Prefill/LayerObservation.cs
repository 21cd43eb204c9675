using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>What a compression method may see of one layer: never the model. All tensors are borrowed.</summary>
/// <remarks>
/// Shapes: H query heads, W window queries, G key/value heads, d head dimension; L rows: in a prefill the prompt's tokens, later the rows of the
/// compressed cache with the answer so far.
/// </remarks>
public readonly record struct LayerObservation
{
    /// <value>The last W queries after rotation, [H, W, d].</value>
    public required Tensor Queries { get; init; }

    /// <value>All keys after rotation, [G, L, d].</value>
    public required Tensor Keys { get; init; }

    /// <value>All values, [G, L, d].</value>
    public required Tensor Values { get; init; }

    /// <value>Norms of the layer's inputs; null when the rows are those of a cache, whose inputs are gone.</value>
    public TokenNorms? Norms { get; init; }

    /// <value>What each prompt token is.</value>
    public required TokenMap Tokens { get; init; }

    /// <value>Tensors that depend on the prompt alone, shared by all layers.</value>
    public required PromptTensors Prompt { get; init; }

    /// <value>Layer index from 0.</value>
    public required int Layer { get; init; }

    /// <value>Rows C that the layer will keep, the window included.</value>
    public required int Capacity { get; init; }

    /// <value>The token of each row of a cache, [1 or G, L], int64, answer tokens counted on from the prompt's; null in a prefill, where row and token are the same.</value>
    public Tensor? TokenOfRow { get; init; }

    /// <value>Makes the layer's observation as if the prompt's embeddings were its input; null when that cannot be had.</value>
    internal Func<LayerObservation>? Unchained { get; init; }

    /// <summary>Window length W in queries.</summary>
    public int Window => (int)Queries.shape[1];

    /// <summary>Past rows P = L − W that compete to be kept.</summary>
    public int Past => (int)Keys.shape[1] - Window;

    /// <summary>Key/value heads G.</summary>
    public int KvHeads => (int)Keys.shape[0];

    /// <summary>Query heads a key/value head, n = H / G.</summary>
    public int HeadsPerGroup => (int)(Queries.shape[0] / Keys.shape[0]);

    /// <summary>The screenshots, oldest first, whose tokens are rows [start, end); none in a compressed cache, where they have gaps.</summary>
    public IReadOnlyList<FrameSpan> Frames => TokenOfRow is null ? Tokens.Frames : [];

    /// <summary>The last screenshot's rows as far as they lie in the past, [start, end); null without such rows.</summary>
    public (int Start, int End)? LastFrameInPast =>
        Frames.Count > 0 && Frames[^1] is var frame && frame.Start < Past ? (frame.Start, Math.Min(frame.End, Past)) : null;

    /// <summary>The layer as if the prompt's embeddings were its input, not the layer before it.</summary>
    /// <exception cref="StarKvException">The observation was made without the model.</exception>
    public LayerObservation OfEmbeddings() => Unchained?.Invoke()
        ?? throw new StarKvException("This layer cannot be seen as fed by the embeddings: the observation was made without the model. Use sparsity=chained.");
}
