using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Cache;

/// <summary>Keys and values of consecutive tokens in all layers, in the host's memory; pinned where a card fetches them.</summary>
/// <remarks>
/// Written once, then shared by every store that holds a part of it, and freed with the last of them. Shapes: N layers, n tokens, G
/// key/value
/// heads, d head dimension. Not thread-safe: it belongs on the inference thread.
/// </remarks>
internal sealed class KvBlock
{
    /// <summary>
    /// Bytes of a block that a card fetches from: pinned memory is slow to get, in powers of two, and blocks of one size are used again.
    /// </summary>
    private const long PinnedBytes = 32L << 20;

    private int _holders = 1;

    /// <summary>Room for the rows of <paramref name="tokens"/> tokens, not cleared; the caller holds it.</summary>
    /// <param name="shape">Sizes of the cache whose rows it takes.</param>
    /// <param name="tokens">Tokens n, at least 1.</param>
    /// <param name="compute">The device that fetches the rows, and their type.</param>
    private KvBlock(KvShape shape, int tokens, Compute compute)
    {
        using var scope = NewDisposeScope();
        var rows = HostTensor.Empty([shape.Layers, tokens, 2 * shape.KvHeads, shape.HeadDim], compute.DType, compute.Device);
        var norms = zeros([shape.Layers, 2, tokens], ScalarType.Float32);
        // Only now: of a block that could not be made, for lack of memory, nothing may stay.
        (Rows, Norms) = (rows.DetachFromDisposeScope(), norms.DetachFromDisposeScope());
    }

    /// <summary>Blocks that together have room for some tokens; the caller holds each once.</summary>
    /// <param name="shape">Sizes of the cache whose rows they take.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="compute">The device that fetches the rows, and their type.</param>
    public static IReadOnlyList<KvBlock> For(KvShape shape, int tokens, Compute compute)
    {
        var blocks = new List<KvBlock>();
        try
        {
            foreach (var room in Rooms(shape, tokens, compute))
                blocks.Add(new KvBlock(shape, room, compute));
        }
        catch
        {
            blocks.ForEach(b => b.Release());
            throw;
        }

        return blocks;
    }

    /// <summary>The tokens for which the blocks of <see cref="For"/> have room.</summary>
    public static int RoomFor(KvShape shape, int tokens, Compute compute) => Rooms(shape, tokens, compute).Sum();

    private static IEnumerable<int> Rooms(KvShape shape, int tokens, Compute compute)
    {
        var block = compute.IsCuda ? (int)Math.Max(1, PinnedBytes / shape.TokenBytes(compute)) : Math.Max(1, tokens);
        return Enumerable.Repeat(block, (tokens + block - 1) / block);
    }

    /// <summary>Keys, then values, of every token, [N, n, 2 G, d].</summary>
    public Tensor Rows { get; }

    /// <summary>Norms of each layer's input and of its residual stream, [N, 2, n], float32; zero where they are not known.</summary>
    public Tensor Norms { get; }

    /// <summary>Tokens n.</summary>
    public int Tokens => (int)Rows.shape[1];

    /// <summary>Bytes of the rows.</summary>
    public long NBytes => Rows.NumberOfElements * Rows.ElementSize;

    /// <summary>One more holds it.</summary>
    public void Hold() => _holders++;

    /// <summary>One less holds it; the last one frees it.</summary>
    public void Release()
    {
        if (--_holders > 0)
            return;
        Rows.Dispose();
        Norms.Dispose();
    }
}

/// <summary>Sizes of a cache.</summary>
/// <param name="Layers">Layers N.</param>
/// <param name="KvHeads">Key/value heads G.</param>
/// <param name="HeadDim">Head dimension d.</param>
internal readonly record struct KvShape(int Layers, int KvHeads, int HeadDim)
{
    /// <summary>Bytes of one token's rows in all layers.</summary>
    public long TokenBytes(Compute compute) => 2L * Layers * KvHeads * HeadDim * compute.ElementSize;
}
