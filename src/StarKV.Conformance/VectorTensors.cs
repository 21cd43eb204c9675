using System.Buffers.Binary;
using StarKV.Files;

namespace StarKV.Conformance;

/// <summary>The tensors next to a vector manifest, as plain numbers: conformance must not trust the reader it could be checking.</summary>
internal sealed class VectorTensors(byte[] file)
{
    private readonly int _data = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);

    /// <summary>Reads a safetensors file whole.</summary>
    public static VectorTensors Load(string path) => new(PlainFile.ReadAllBytes(path));

    /// <summary>A floating-point tensor (F32 or F16), row-major.</summary>
    public double[] Floats(string name) => Read(name, (type, bytes) => type switch
    {
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "F16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        _ => throw new StarKvException($"Tensor '{name}' is {type}, not F32 or F16."),
    });

    /// <summary>An integer tensor (I64, I32 or I8), row-major.</summary>
    public long[] Integers(string name) => Read(name, (type, bytes) => type switch
    {
        "I64" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        "I32" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "I8" => (sbyte)bytes[0],
        _ => throw new StarKvException($"Tensor '{name}' is {type}, not I64, I32 or I8."),
    });

    private T[] Read<T>(string name, Func<string, ReadOnlySpan<byte>, T> element)
    {
        var header = JsonFile.Value(file.AsMemory(8, _data - 8), "the header of a vector file");
        if (!header.TryGetProperty(name, out var tensor))
            throw new StarKvException($"The vector file has no tensor '{name}'.");
        var type = tensor.Text("dtype");
        var size = type switch { "I8" => 1, "F16" => 2, "F32" or "I32" => 4, _ => 8 };
        var (start, end) = tensor.Size("data_offsets");
        return [.. Enumerable.Range(0, (end - start) / size).Select(i => element(type, file.AsSpan(_data + start + i * size, size)))];
    }
}
