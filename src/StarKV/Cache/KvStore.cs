using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Cache;

/// <summary>
/// Every row of a session's tokens in the host's memory, from which a step reads and a cache is chosen anew; what it holds never changes.
/// </summary>
/// <remarks>
/// A step makes another store, which shares the blocks that both hold: to go back is to keep the earlier one, and a fork copies nothing.
/// Not thread-safe: it belongs on the inference thread.
/// </remarks>
internal sealed class KvStore : IDisposable
{
    private readonly IReadOnlyList<KvSegment> _segments;
    private bool _disposed;

    /// <summary>A store without rows.</summary>
    public KvStore(KvShape shape) : this(shape, [])
    {
    }

    private KvStore(KvShape shape, IEnumerable<KvSegment> segments)
    {
        (Shape, _segments) = (shape, [.. segments]);
        foreach (var segment in _segments)
            segment.Block.Hold();
        Length = _segments.Sum(s => s.Count);
    }

    /// <summary>Sizes of the cache whose rows it holds.</summary>
    public KvShape Shape { get; }

    /// <summary>Tokens held.</summary>
    public int Length { get; }

    /// <summary>The blocks, each once.</summary>
    public IEnumerable<KvBlock> Blocks => _segments.Select(s => s.Block).Distinct();

    /// <summary>Bytes of the blocks' rows.</summary>
    public long NBytes => Blocks.Sum(b => b.NBytes);

    /// <summary>Another store of the same rows.</summary>
    public KvStore Share() => new(Shape, _segments);

    /// <summary>The first <paramref name="tokens"/> tokens.</summary>
    public KvStore First(int tokens) => Without(tokens, Length);

    /// <summary>All tokens but those of [<paramref name="start"/>, <paramref name="end"/>).</summary>
    public KvStore Without(int start, int end) => new(Shape, Pieces(0, start).Concat(Pieces(end, Length)));

    /// <summary>These tokens, and then some that fill blocks one after the other.</summary>
    public KvStore Then(IReadOnlyList<KvBlock> blocks, int tokens) => new(Shape, _segments.Concat(Filled(blocks, tokens)));

    /// <summary>How blocks are filled one after the other.</summary>
    public static IEnumerable<KvSegment> Filled(IReadOnlyList<KvBlock> blocks, int tokens)
    {
        foreach (var block in blocks)
        {
            var count = Math.Min(tokens, block.Tokens);
            yield return new KvSegment(block, 0, count);
            tokens -= count;
        }
    }

    /// <summary>
    /// These tokens without blocks that hold little: neighbours of which less than half of the room is held are copied together, where that
    /// takes less room.
    /// </summary>
    /// <param name="compute">The device that fetches the rows, and their type.</param>
    public KvStore Packed(Compute compute)
    {
        var held = _segments.GroupBy(s => s.Block).ToDictionary(g => g.Key, g => g.Sum(s => s.Count));
        var (packed, run, copies) = (new List<KvSegment>(), new List<KvSegment>(), new List<KvBlock>());
        try
        {
            foreach (var segment in _segments)
            {
                if (2 * held[segment.Block] < segment.Block.Tokens)
                {
                    run.Add(segment);
                    continue;
                }

                packed.AddRange(Together(run, compute, copies));
                packed.Add(segment);
                run.Clear();
            }

            packed.AddRange(Together(run, compute, copies));
            return new KvStore(Shape, packed);
        }
        finally
        {
            copies.ForEach(b => b.Release());
        }
    }

    /// <summary>A layer's rows, piece by piece, [n, 2 G, d] each, borrowed: views of the host's memory.</summary>
    /// <param name="layer">Layer index from 0.</param>
    public IEnumerable<Tensor> PeekRows(int layer) => _segments.Select(s => s.PeekRows(layer));

    /// <summary>All norms, [N, 2, tokens], float32; the caller owns them.</summary>
    public Tensor Norms()
    {
        using var scope = NewDisposeScope();
        return cat(
            [zeros([Shape.Layers, 2, 0], ScalarType.Float32), .. _segments.Select(s => s.PeekNorms())], 2)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var segment in _segments)
            segment.Block.Release();
    }

    /// <summary>Neighbours copied into blocks of their own, or as they are where that takes no less room.</summary>
    private List<KvSegment> Together(IReadOnlyList<KvSegment> run, Compute compute, List<KvBlock> copies)
    {
        var tokens = run.Sum(s => s.Count);
        if (KvBlock.RoomFor(Shape, tokens, compute) >= run.Select(s => s.Block).Distinct().Sum(b => b.Tokens))
            return [.. run];
        using var scope = NewDisposeScope();
        var blocks = KvBlock.For(Shape, tokens, compute);
        copies.AddRange(blocks);
        var at = 0;
        var norms = cat([.. run.Select(s => s.PeekNorms())], 2);
        List<KvSegment> filled = [.. Filled(blocks, tokens)];
        foreach (var copy in filled)
        {
            for (var layer = 0; layer < Shape.Layers; layer++)
                copy.PeekRows(layer).copy_(cat([.. run.Select(s => s.PeekRows(layer))], 0).narrow(0, at, copy.Count));
            copy.PeekNorms().copy_(norms.narrow(2, at, copy.Count));
            at += copy.Count;
        }

        return filled;
    }

    private IEnumerable<KvSegment> Pieces(int start, int end)
    {
        var at = 0;
        foreach (var (block, first, count) in _segments)
        {
            var (from, to) = (Math.Max(start, at), Math.Min(end, at + count));
            if (from < to)
                yield return new KvSegment(block, first + from - at, to - from);
            at += count;
        }
    }

}

/// <summary>A part of a block.</summary>
/// <param name="Block">The block.</param>
/// <param name="First">Its first token.</param>
/// <param name="Count">Tokens.</param>
internal readonly record struct KvSegment(KvBlock Block, int First, int Count)
{
    /// <summary>A layer's rows, [n, 2 G, d]: a view.</summary>
    public Tensor PeekRows(int layer) => Block.Rows[layer].narrow(0, First, Count);

    /// <summary>The norms, [N, 2, n]: a view.</summary>
    public Tensor PeekNorms() => Block.Norms.narrow(2, First, Count);
}
