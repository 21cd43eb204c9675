using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>Tensors as they go into a file.</summary>
internal static class StoredBytes
{
    /// <summary>Bytes that are written at a time.</summary>
    private const int Piece = 64 << 20;

    /// <summary>Bytes that one thread copies at a time.</summary>
    private const int Slice = 2 << 20;

    /// <summary>How numbers of a torch type are stored.</summary>
    public static DType ToDType(this ScalarType type) => Enum.GetValues<DType>().First(d => !d.IsFloat8() && d.ToScalarType() == type);

    /// <summary>Writes a tensor's numbers, row by row; one on a device is copied to the host for the moment.</summary>
    /// <remarks>A view whose rows lie apart is written piece by piece: of a tensor on the host nothing is copied.</remarks>
    /// <param name="tensor">The numbers; borrowed.</param>
    /// <param name="stream">Where they go.</param>
    /// <param name="cancellation">Checked before every piece.</param>
    public static void WriteTo(this Tensor tensor, Stream stream, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        if (tensor.device.type != TorchSharp.DeviceType.CPU)
            tensor = tensor.cpu();
        if (tensor.NumberOfElements == 0)
            return;
        if (!tensor.is_contiguous() && tensor.dim() == 1)
            tensor = tensor.contiguous();
        if (!tensor.is_contiguous())
        {
            for (var i = 0L; i < tensor.shape[0]; i++)
                tensor[i].WriteTo(stream, cancellation);
            return;
        }

        foreach (var piece in tensor.view(-1).split(Piece / tensor.ElementSize))
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(piece.bytes);
        }
    }

    /// <summary>Copies a stored tensor's numbers, from a byte of it on, into a tensor on the host, which may be of another type.</summary>
    /// <remarks>Pages of the file are mapped by several threads side by side, which takes most of the time.</remarks>
    /// <param name="entry">The stored tensor; of no 8-bit type of floats.</param>
    /// <param name="start">Byte of the first number.</param>
    /// <param name="target">Where they go: contiguous.</param>
    public static void CopyTo(this TensorEntry entry, long start, Tensor target)
    {
        using var scope = NewDisposeScope();
        var type = entry.DType.ToScalarType();
        var size = entry.DType.ByteSize();
        var at = start;
        if (target.NumberOfElements == 0)
            return;
        foreach (var piece in target.view(-1).split(Piece / size))
        {
            var length = (int)(piece.NumberOfElements * size);
            if (piece.dtype == type)
                Copy(entry, at, length, piece);
            else
                piece.copy_(entry.ToTensor(at, length, [piece.NumberOfElements]));
            at += length;
        }
    }

    private static void Copy(TensorEntry entry, long start, int length, Tensor numbers) =>
        Parallel.For(0, (length + Slice - 1) / Slice, i =>
    {
        var (at, count) = (i * Slice, Math.Min(Slice, length - i * Slice));
        entry.Bytes(start + at, count).CopyTo(numbers.bytes.Slice(at, count));
    });
}
