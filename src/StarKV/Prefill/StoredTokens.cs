using StarKV.Cache;
using StarKV.Observe;
using StarKV.Runtime;
using StarKV.Runtime.Cuda;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>
/// A reading that goes on from all rows of the earlier tokens, kept on the host: they come to the device layer by layer, the next layer's
/// while
/// one is computed, and the new tokens' rows go back. The cache is chosen among all of them.
/// </summary>
/// <remarks>
/// At most two layers of all rows are on the device. What the new tokens attend to is all rows, as if everything were read again, or as
/// many as the cache has.
/// </remarks>
internal sealed class StoredTokens : IEarlierTokens
{
    private readonly KvStore _store;
    private readonly IReadOnlyList<KvBlock> _blocks;
    private readonly KvCache? _attended;
    private readonly HostCopies _copies;
    private readonly TokenMap _sequence;
    private readonly Tensor?[] _rows = new Tensor?[2];
    private readonly int _first, _carried;
    private Tensor? _earlierNorms, _newNorms;
    private bool _completed;

    /// <summary>Prepares a reading.</summary>
    /// <param name="store">All rows of the earlier tokens; borrowed.</param>
    /// <param name="sequence">All tokens.</param>
    /// <param name="first">
    /// The first token to read. Those from the store's end on to it are rows of <paramref name="attended"/>: an answer's, as it was
    /// written.
    /// </param>
    /// <param name="attended">
    /// The cache, borrowed, where the new tokens attend to no more rows than it has; null for all rows. They are those that the new cache
    /// keeps, or its own where that is chosen after all layers.
    /// </param>
    /// <param name="compute">Device and type.</param>
    /// <param name="keep">Whether the new tokens' rows go to the host, for <see cref="Grown"/>.</param>
    public StoredTokens(KvStore store, TokenMap sequence, int first, KvCache? attended, Compute compute, bool keep)
    {
        (_store, _sequence, _first, _attended) = (store.Share(), sequence, first, attended);
        _carried = first - store.Length;
        _blocks = keep ? KvBlock.For(store.Shape, Fresh, compute) : [];
        _copies = new HostCopies(compute.Device);
        try
        {
            using var scope = NewDisposeScope();
            var (layers, heads, dim) = (store.Shape.Layers, store.Shape.KvHeads, store.Shape.HeadDim);
            for (var i = 0; i < Math.Min(layers, _rows.Length); i++)
                _rows[i] = empty([sequence.Length, 2 * heads, dim], compute.DType, compute.Device);
            _newNorms = zeros([layers, 2, Fresh], ScalarType.Float32, compute.Device);
            _earlierNorms = NormsAreAsked ? store.Norms().to(compute.Device) : null;
            foreach (var held in Held())
                held.DetachFromDisposeScope();
            Fetch(0);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The rows of everything that was read, once the reading is complete; the caller owns the store.</summary>
    public KvStore Grown() => _completed && _blocks.Count > 0
        ? _store.Then(_blocks, Fresh)
        : throw new InvalidOperationException("The reading is not complete, or keeps nothing on the host.");

    /// <inheritdoc/>
    public int First(TokenMap sequence) => _first;

    /// <inheritdoc/>
    public JoinedLayer Join(NewLayer fresh)
    {
        var (layer, kvHeads) = (fresh.Layer, _store.Shape.KvHeads);
        _copies.AwaitArrival();
        Fetch(layer + 1);
        var all = _rows[layer % 2]!;
        var read = fresh.Heads.Tokens;
        all.narrow(0, _first, read).copy_(
            fresh.Heads.All.narrow(0, 0, read).narrow(1, fresh.Heads.QueryHeads, 2 * kvHeads));
        if (_carried > 0)
            Carry(layer, all.narrow(0, _store.Length, _carried));
        _copies.ToHost(all.narrow(0, _store.Length, Fresh), KvStore.Filled(_blocks, Fresh).Select(s => s.PeekRows(layer)));
        NoteNorms(fresh);
        var (keys, values) = (all.narrow(1, 0, kvHeads).transpose(0, 1), all.narrow(1, kvHeads, kvHeads).transpose(0, 1));
        var seen = new LayerInput(fresh.Heads.Queries, keys, values, Norms(fresh), fresh.Tokens, fresh.Prompt, layer);
        return _attended is null ? new JoinedLayer(seen) : new JoinedLayer(seen) { Attended = Chosen };

        // What is chosen for the answer is what the new tokens need: the rows of the step before were chosen for another one.
        (Tensor Keys, Tensor Values) Chosen(KvLayer? chosen)
        {
            if (chosen is not null)
                return ChosenRows.Of(chosen, keys, values, _first);
            var (heldKeys, heldValues, _) = _attended.Layers[layer].Join(fresh.Heads.Keys, fresh.Heads.Values);
            return (heldKeys, heldValues);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        _copies.Finish();
        var at = 0;
        foreach (var part in KvStore.Filled(_blocks, Fresh))
        {
            part.PeekNorms().copy_(_newNorms!.narrow(2, at, part.Count));
            at += part.Count;
        }

        _completed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _copies.Dispose();
        foreach (var held in Held())
            held.Dispose();
        foreach (var block in _blocks)
            block.Release();
        _store.Dispose();
    }

    private void Fetch(int layer)
    {
        if (layer < _store.Shape.Layers)
            _copies.ToDevice(_store.PeekRows(layer), _rows[layer % 2]!.narrow(0, 0, _store.Length));
    }

    /// <summary>The rows of the answer, as the cache has them: its last ones, one of the copies of each head.</summary>
    private void Carry(int layer, Tensor to)
    {
        var (kept, heads) = (_attended!.Layers[layer], _store.Shape.KvHeads);
        Copy(kept.PeekKeys(), to.narrow(1, 0, heads));
        Copy(kept.PeekValues(), to.narrow(1, heads, heads));

        void Copy(Tensor held, Tensor part)
        {
            var answer = held.narrow(1, held.shape[1] - _carried, _carried);
            part.copy_(answer.unflatten(0, [heads, kept.HeadCopies]).select(1, 0).transpose(0, 1));
        }
    }

    private void NoteNorms(NewLayer fresh)
    {
        var norms = new TokenNorms(fresh.Inputs, fresh.Residual);
        for (var source = 0; source < 2; source++)
            _newNorms![fresh.Layer][source].narrow(0, _carried, fresh.Heads.Tokens).copy_(
                norms.Of((NormSource)source, 0, fresh.Heads.Tokens));
    }

    /// <summary>Norms of the new tokens' vectors, or of all tokens where the last screenshot is not among the new ones.</summary>
    private TokenNorms Norms(NewLayer fresh)
    {
        if (!NormsAreAsked)
            return new TokenNorms(fresh.Inputs, fresh.Residual, _first);
        var all = cat([_earlierNorms![fresh.Layer], _newNorms![fresh.Layer]], 1).unsqueeze(2);
        return new TokenNorms(all[(int)NormSource.Input], all[(int)NormSource.Residual]);
    }

    /// <summary>Tokens after those of the store.</summary>
    private int Fresh => _sequence.Length - _store.Length;

    private bool NormsAreAsked => _sequence.LastFrame is { } frame && frame.Start < _first;

    private IEnumerable<Tensor> Held() => new[] { _rows[0], _rows[1], _earlierNorms, _newNorms }.OfType<Tensor>();
}
