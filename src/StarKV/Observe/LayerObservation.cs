using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Observe;

/// <summary>What a compression method may see of one layer: never the model. All tensors are borrowed.</summary>
/// <remarks>
/// Shapes: H query heads, W window queries, G key/value heads, d head
/// dimension; L rows: in a prefill the prompt's tokens, in a step the rows of
/// the compressed cache and then the new tokens, during an answer the rows of the cache with the answer so far.
/// </remarks>
public readonly record struct LayerObservation
{
    /// <value>The last W queries after rotation, [H, W, d].</value>
    public required Tensor Queries { get; init; }

    /// <value>All keys after rotation, [G, L, d].</value>
    public required Tensor Keys { get; init; }

    /// <value>All values, [G, L, d].</value>
    public required Tensor Values { get; init; }

    /// <value>
    /// Norms of the layer's inputs, in a step those of the new rows; null when all rows are those of a cache, whose inputs are gone.
    /// </value>
    public TokenNorms? Norms { get; init; }

    /// <value>What each prompt token is.</value>
    public required TokenMap Tokens { get; init; }

    /// <value>Tensors that depend on the prompt alone, shared by all layers.</value>
    public required PromptTensors Prompt { get; init; }

    /// <value>Layer index from 0.</value>
    public required int Layer { get; init; }

    /// <value>Rows C that the layer will keep, the window included.</value>
    public required int Capacity { get; init; }

    /// <value>
    /// The token of each row, [1 or G, L], int64, answer tokens counted on from
    /// the prompt's; null in a prefill, where row and token are the same.
    /// </value>
    public Tensor? TokenOfRow { get; init; }

    /// <value>
    /// Rows that an earlier selection kept, with gaps between their tokens; they come first.
    /// 0 (default) in a prefill, the cache's rows in a step, all rows during an answer.
    /// </value>
    public int KeptRows { get; init; }

    /// <value>What the method's branches attend to; null where it has none, and during an answer.</value>
    public BranchAttention? Branches { get; init; }

    /// <value>
    /// Queries of the tokens of the draft that the method asks for, after rotation, [H, n, d]; null where it asks for none, where the draft
    /// was empty, and during an answer.
    /// </value>
    public Tensor? DraftQueries { get; init; }

    /// <value>Makes the layer's observation as if the prompt's embeddings were its input; null when that cannot be had.</value>
    internal Func<LayerObservation>? MakeFedByEmbeddings { get; init; }

    /// <summary>Window length W in queries.</summary>
    public int Window => (int)Queries.shape[1];

    /// <summary>Past rows P = L − W that compete to be kept.</summary>
    public int Past => (int)Keys.shape[1] - Window;

    /// <summary>Key/value heads G.</summary>
    public int KvHeads => (int)Keys.shape[0];

    /// <summary>Query heads per key/value head, n = H / G.</summary>
    public int HeadsPerGroup => (int)(Queries.shape[0] / Keys.shape[0]);

    /// <summary>
    /// The screenshots, oldest first, that are whole in rows [start, end): all in a prefill, the new ones in a step, none during an answer.
    /// </summary>
    public IReadOnlyList<FrameSpan> Frames
    {
        get
        {
            // The rows after the kept ones are the last tokens.
            var shift = Tokens.Length - (int)Keys.shape[1];
            var firstNew = KeptRows + shift;
            return KeptRows == 0
                ? Tokens.Frames
                : [.. Tokens.Frames.Where(f => f.Start >= firstNew).Select(f => f with { Start = f.Start - shift, End = f.End - shift })];
        }
    }

    /// <summary>The last screenshot's rows as far as they are in the past, [start, end); null without such rows.</summary>
    public (int Start, int End)? LastFrameInPast =>
        Frames is [.., var frame] && frame.Start < Past ? (frame.Start, Math.Min(frame.End, Past)) : null;

    /// <summary>What a number for each token is for each row: [1, L], or [G, L] where the heads hold different tokens.</summary>
    /// <param name="ofTokens">One number for each prompt token, and one more for every answer token, [tokens + 1].</param>
    public Tensor OfRows(Tensor ofTokens)
    {
        if (TokenOfRow is not { } rows)
            return ofTokens.narrow(0, 0, Keys.shape[1]).unsqueeze(0);
        var tokens = rows.clamp_max(Tokens.Length);
        return ofTokens.index_select(0, tokens.flatten()).view(tokens.shape);
    }

    /// <summary>What a number for each token is for each row, for a method that chooses for all heads at once: [L].</summary>
    /// <exception cref="StarKvException">The heads hold different tokens.</exception>
    public Tensor OfSharedRows(Tensor ofTokens)
    {
        var rows = OfRows(ofTokens);
        return rows.shape[0] == 1 ? rows[0] : throw HeadsDiffer();
    }

    /// <summary>The fault of one selection for all heads where each of them holds its own tokens.</summary>
    internal StarKvException HeadsDiffer() => new(
        $"The heads of layer {Layer} hold different tokens, and the method keeps the same ones for all "
            + $"of them. Continue with a method that keeps tokens head by head, or read the whole prompt again.");

    /// <summary>The layer as if the prompt's embeddings were its input, not the layer before it.</summary>
    /// <exception cref="StarKvException">The observation was made without the model.</exception>
    public LayerObservation FedByEmbeddings() => MakeFedByEmbeddings?.Invoke()
        ?? throw new StarKvException(
            "This layer cannot be seen as fed by the embeddings: only a whole prompt can, not a step "
                + "after a cache, nor an observation that was made without the model. Use sparsity=chained.");

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"layer {Layer}, capacity {Capacity}, kept rows {KeptRows}";
}
