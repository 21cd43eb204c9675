using System.Diagnostics.CodeAnalysis;
using StarKV.Cache;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Observe;

/// <summary>One layer of a prompt, or of a step after a cache, from which an observation with any window can be taken.</summary>
/// <param name="Queries">Queries after rotation, [H, L, d], or the last of them.</param>
/// <param name="Keys">All keys after rotation, [G, L, d]; in a step those of the cache's rows come first.</param>
/// <param name="Values">All values, [G, L, d].</param>
/// <param name="Norms">Norms of the layer's inputs.</param>
/// <param name="Tokens">What each prompt token is.</param>
/// <param name="Prompt">Tensors shared by all layers.</param>
/// <param name="Layer">Layer index from 0.</param>
[Experimental("STARKV001")]
public sealed record LayerInput(
    Tensor Queries, Tensor Keys, Tensor Values, TokenNorms Norms, TokenMap Tokens, PromptTensors Prompt, int Layer) : IDisposable
{
    /// <value>The cache's rows that the new ones follow; null (default) in a prefill.</value>
    public EarlierRows? Earlier { get; init; }

    /// <value>What the branches of the method that is asked attend to; null (default) where it has none.</value>
    public BranchAttention? Branches { get; init; }

    /// <value>Queries of the draft's tokens, [H, n, d], borrowed; null (default) where there is no draft.</value>
    public Tensor? DraftQueries { get; init; }

    /// <summary>Rows L that compete to be kept.</summary>
    public int Rows => (int)Keys.shape[1];

    /// <summary>Bytes of the keys and values.</summary>
    internal long NBytes => Keys.NumberOfElements * Keys.ElementSize + Values.NumberOfElements * Values.ElementSize;

    /// <value>Makes the same layer as if the prompt's embeddings were its input; null when that cannot be had.</value>
    internal Func<LayerInput>? MakeFedByEmbeddings { get; init; }

    /// <summary>
    /// The observation with a window of <paramref name="window"/> queries for a layer that keeps <paramref name="capacity"/> rows.
    /// </summary>
    public LayerObservation Observe(int window, int capacity) => new()
    {
        Queries = LastQueries(window),
        Keys = Keys,
        Values = Values,
        Norms = Norms,
        Tokens = Tokens,
        Prompt = Prompt,
        Layer = Layer,
        Capacity = capacity,
        KeptRows = Earlier?.Count ?? 0,
        TokenOfRow = Earlier?.TokenOfRow,
        Branches = Branches,
        DraftQueries = DraftQueries,
        MakeFedByEmbeddings = MakeFedByEmbeddings is { } make ? () => make().Observe(window, capacity) : null,
    };

    /// <summary>The last <paramref name="window"/> queries, [H, W, d], a view.</summary>
    internal Tensor LastQueries(int window) => Queries.narrow(1, Queries.shape[1] - window, window);

    /// <summary>
    /// A copy that holds no more than a later selection needs, outside of every dispose scope: keys, values, the last queries, norms.
    /// </summary>
    internal LayerInput Held(int window)
    {
        // Copies leave the scope when all of them are there: a lack of memory leaks none.
        using var scope = NewDisposeScope();
        var queries = LastQueries(window).clone();
        var keys = Keys.clone();
        var values = Values.clone();
        var norms = Norms.Held();
        var earlier = Earlier?.Held();
        var branches = Branches is null
            ? null
            : Branches with { Queries = Branches.Queries.clone(), Keys = keys, LogSums = Branches.LogSums.clone() };
        var held = this with
        {
            Queries = queries,
            Keys = keys,
            Values = values,
            Norms = norms,
            Earlier = earlier,
            Branches = branches,
            MakeFedByEmbeddings = null,
        };
        foreach (var tensor in held.Own())
            tensor.DetachFromDisposeScope();
        return held;
    }

    /// <summary>Frees the tensors: for the owner of a held copy.</summary>
    public void Dispose()
    {
        foreach (var tensor in Own())
            tensor.Dispose();
    }

    private IEnumerable<Tensor> Own()
    {
        Tensor?[] own =
        [
            Queries, Keys, Values, Norms.Peek(NormSource.Input), Norms.Peek(NormSource.Residual), Earlier?.TokenOfRow, Branches?.Queries,
            Branches?.LogSums,
        ];
        return own.OfType<Tensor>();
    }
}
