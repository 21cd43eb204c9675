using System.Diagnostics;
using StarKV.Cache;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Compact;

/// <summary>Builds the cache that a method's draft is written on; of the draft it keeps the queries of its tokens alone.</summary>
internal sealed class DraftCompactor : IDisposable
{
    private readonly DraftRequest _request;
    private readonly List<Tensor> _queries = [];
    private PromptCompactor? _compactor;
    private Tensor? _none;

    /// <summary>Starts the draft's cache.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="compression">How the cache is compressed that is chosen after it.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="positions">Its rotary positions.</param>
    /// <param name="layers">Layers to come.</param>
    /// <param name="first">The first token that is read.</param>
    public DraftCompactor(
        DraftRequest request, Compression compression, TokenMap prompt, MRopePositions positions, int layers, int first)
    {
        _request = request;
        // Its selection is timed with the other's.
        _compactor = new PromptCompactor(Of(request, compression), prompt, positions, layers, request.Tokens, () => { }, first);
    }

    /// <value>The draft and what it took; null until it is written.</value>
    public DraftReport? Report { get; private set; }

    /// <value>The time that writing it took.</value>
    public TimeSpan Time { get; private set; }

    /// <summary>How the draft's cache is compressed.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="compression">How the cache is compressed that is chosen after it.</param>
    public static Compression Of(DraftRequest request, Compression compression) =>
        new(request.Method, request.Budget ?? compression.Budget) { Name = $"the draft of {compression.Name}", Branches = [] };

    /// <summary>Takes in the next layer, borrowed.</summary>
    public void Add(LayerInput layer)
    {
        _none ??= zeros([layer.Queries.shape[0], _request.Tokens, layer.Queries.shape[2]], layer.Queries.dtype, layer.Queries.device)
            .DetachFromDisposeScope();
        _compactor!.Add(layer with { Branches = null });
    }

    /// <summary>Has the draft written, and frees its cache.</summary>
    /// <param name="write">
    /// Writes at most so many tokens on the cache, whose windows take their queries in, and tells which were read.
    /// </param>
    /// <param name="heldBytes">Bytes of keys and values that are held besides.</param>
    /// <param name="cancellation">Checked before every layer that was held back.</param>
    public void Write(Func<KvCache, int, IReadOnlyList<int>> write, long heldBytes, CancellationToken cancellation)
    {
        var cache = _compactor!.Finish(cancellation).Cache;
        foreach (var layer in cache.Layers)
            layer.OpenWindow(_none!);
        var watch = Stopwatch.StartNew();
        var tokens = write(cache, _request.Tokens);
        Time = watch.Elapsed;
        Report = new DraftReport(tokens, heldBytes + cache.AllocatedBytes);
        foreach (var layer in cache.Layers.Where(_ => tokens.Count > 0))
        {
            using var window = layer.PeekWindow()!.narrow(1, _request.Tokens - tokens.Count, tokens.Count);
            _queries.Add(window.clone().DetachFromDisposeScope());
        }

        _compactor.Abandon();
        _compactor = null;
    }

    /// <summary>Queries of the draft's tokens in a layer, [H, n, d], borrowed; null when the draft is empty.</summary>
    /// <param name="layer">Layer index from 0.</param>
    public Tensor? PeekQueries(int layer) => _queries.Count == 0 ? null : _queries[layer];

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        _compactor?.Abandon();
        _compactor = null;
        _none?.Dispose();
        _queries.ForEach(q => q.Dispose());
        _queries.Clear();
    }
}
