using System.Diagnostics.CodeAnalysis;

namespace StarKV.Weights;

/// <summary>
/// One tensor of an open <see cref="SafetensorsFile"/>: where its bytes are and how to read them. Row-major, little-endian.
/// </summary>
[Experimental("STARKV001")]
public sealed class TensorEntry
{
    internal TensorEntry(SafetensorsFile file, string name, DType type, long[] shape, long elementCount, long offset, long byteLength)
    {
        (File, Name, DType, Shape, ElementCount, Offset, ByteLength) = (file, name, type, shape, elementCount, offset, byteLength);
    }

    /// <summary>The file that holds the bytes; they can be read until it is disposed.</summary>
    public SafetensorsFile File { get; }

    /// <summary>The name as the file has it; a <see cref="CheckpointFolder"/> finds it by its canonical name.</summary>
    public string Name { get; }

    /// <summary>How each element is stored.</summary>
    public DType DType { get; }

    /// <summary>The size of each dimension, outermost first; empty for a scalar. At most 64 dimensions.</summary>
    public long[] Shape { get; }

    /// <summary>The product of <see cref="Shape"/>; 1 for a scalar, 0 for an empty tensor.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes from the start of the file to the first element.</summary>
    /// <remarks>
    /// The format does not promise that this is a multiple of the element size: copy the bytes, or read them with
    /// unaligned loads, instead of casting the span where the processor insists on alignment.
    /// </remarks>
    public long Offset { get; }

    /// <summary>Bytes of the whole tensor; <see cref="ElementCount"/> × element size.</summary>
    public long ByteLength { get; }

    /// <inheritdoc cref="SafetensorsFile.Bytes"/>
    public ReadOnlySpan<byte> Bytes(long start, int length) => File.Bytes(this, start, length);

    /// <inheritdoc cref="SafetensorsFile.Address"/>
    public unsafe byte* Address() => File.Address(this);

    /// <summary>Returns, for example, <c>model.norm.weight BF16 [3584]</c>.</summary>
    public override string ToString() => $"{Name} {DType} [{string.Join(", ", Shape)}]";
}
