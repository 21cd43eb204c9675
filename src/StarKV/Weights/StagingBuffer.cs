using System.Runtime.InteropServices;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>
/// Host memory through which stored numbers travel to the device: taken once,
/// and pinned for a CUDA device, whose copies need no second buffer then.
/// </summary>
/// <param name="compute">The device.</param>
/// <param name="bytes">Its size in bytes.</param>
internal sealed class StagingBuffer(Compute compute, int bytes) : IDisposable
{
    /// <summary>Bytes that one thread copies at a time.</summary>
    private const int Slice = 2 << 20;

    private readonly Dictionary<ScalarType, Tensor> _buffers = [];

    /// <summary>Rows of a tensor, of <paramref name="rowBytes"/> stored bytes each, that fit at once; at least 1.</summary>
    public static long RowsAtOnce(TensorEntry entry, long rowBytes, int bytes) =>
        Math.Max(1, bytes / Math.Max(1, Widened(entry, rowBytes)));

    /// <summary>
    /// Some bytes of a tensor as a tensor of <paramref name="shape"/>, in its stored type;
    /// FP8 becomes float32, without its scale. A view that is good until the next call.
    /// </summary>
    public Tensor Read(TensorEntry entry, long start, int length, long[] shape)
    {
        var needed = Widened(entry, length);
        if (needed > bytes)
            return entry.ToTensor(start, length, shape);
        var type = entry.DType.ToScalarType();
        if (!_buffers.TryGetValue(type, out var buffer))
            _buffers[type] = buffer = Buffer(type, (int)(needed / shape.Aggregate(1L, (n, side) => n * side)));
        if (entry.DType.IsFloat8())
            Float8.Decode(entry.DType, entry.Bytes(start, length), MemoryMarshal.Cast<byte, float>(buffer.bytes[..(int)needed]));
        else
            Copy(entry, start, length, buffer);
        return buffer.narrow(0, 0, needed / buffer.ElementSize).view(shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
            buffer.Dispose();
        _buffers.Clear();
    }

    // Most of the time goes into mapping pages, which several threads do side by side.
    private static void Copy(TensorEntry entry, long start, int length, Tensor buffer) => Parallel.For(0, (length + Slice - 1) / Slice, i =>
    {
        var (at, count) = (i * Slice, Math.Min(Slice, length - i * Slice));
        entry.Bytes(start + at, count).CopyTo(buffer.bytes.Slice(at, count));
    });

    /// <summary>A buffer for numbers of one type; a checkpoint mostly has one.</summary>
    private Tensor Buffer(ScalarType type, int numberBytes) =>
        HostTensor.Empty([bytes / numberBytes], type, compute.Device).DetachFromDisposeScope();

    private static long Widened(TensorEntry entry, long stored) => entry.DType.IsFloat8() ? stored * sizeof(float) : stored;
}
