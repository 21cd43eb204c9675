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

    /// <summary>These tokens, and then those of a block.</summary>
    public KvStore Then(KvBlock block) => new(Shape, _segments.Append(new KvSegment(block, 0, block.Tokens)));

    /// <summary>
    /// These tokens without room for others: blocks of which less than half is held are copied, so that the rest of them can be freed.
    /// </summary>
    /// <param name="compute">The device that fetches the rows, and their type.</param>
    public KvStore Packed(Compute compute)
    {
        var held = _segments.GroupBy(s => s.Block).ToDictionary(g => g.Key, g => g.Sum(s => s.Count));
        return new KvStore(Shape, _segments.Select(s => 2 * held[s.Block] < s.Block.Tokens ? Copy(s, compute) : s));
    }

    /// <summary>A layer's rows, piece by piece, [n, 2 G, d] each, borrowed: views of the host's memory.</summary>
    /// <param name="layer">Layer index from 0.</param>
    public IEnumerable<Tensor> PeekRows(int layer) => _segments.Select(s => s.Block.Rows[layer].narrow(0, s.First, s.Count));

    /// <summary>All norms, [N, 2, tokens], float32; the caller owns them.</summary>
    public Tensor Norms()
    {
        using var scope = NewDisposeScope();
        return cat(
            [zeros([Shape.Layers, 2, 0], ScalarType.Float32), .. _segments.Select(s => s.Block.Norms.narrow(2, s.First, s.Count))], 2)
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

    private KvSegment Copy(KvSegment from, Compute compute)
    {
        using var scope = NewDisposeScope();
        var block = new KvBlock(Shape, from.Count, compute);
        block.Rows.copy_(from.Block.Rows.narrow(1, from.First, from.Count));
        block.Norms.copy_(from.Block.Norms.narrow(2, from.First, from.Count));
        return new KvSegment(block, 0, from.Count);
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

    /// <summary>A part of a block.</summary>
    private readonly record struct KvSegment(KvBlock Block, int First, int Count);
}
