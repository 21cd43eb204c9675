using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using StarKV.Files;

namespace StarKV.Weights;

/// <summary>A tensor whose bytes are written when its turn comes, so that no second copy of them need be held.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="DType">How each element is stored.</param>
/// <param name="Shape">Its sizes, outermost first.</param>
/// <param name="Write">Writes all its bytes, row-major and little-endian.</param>
internal sealed record StreamedTensor(string Name, DType DType, long[] Shape, Action<Stream> Write)
{
    /// <summary>How many bytes it has.</summary>
    public long ByteLength => Shape.Aggregate((long)DType.ByteSize(), (bytes, size) => checked(bytes * size));
}

/// <summary>Writes safetensors files that the strict reader accepts: tensors in order, no gaps.</summary>
/// <remarks>For folders that are being made: nothing that is there is written over.</remarks>
[Experimental("STARKV001")]
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes one file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="tensors">All tensors.</param>
    /// <exception cref="IOException">Something is there already, or it cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<StoredTensor> tensors)
    {
        // Readers of other libraries ask for the framework.
        var header = Header(
            [("format", "pt")], tensors.Select(t => (t.Name, t.DType, t.Shape, (long)t.Bytes.Length)));
        using var file = NewFile.Create(path);
        WriteHeader(file, header);
        foreach (var tensor in tensors)
            file.Write(tensor.Bytes);
    }

    /// <summary>Writes one file piece by piece.</summary>
    /// <param name="stream">Where, from its position on.</param>
    /// <param name="metadata">What <c>__metadata__</c> is to say.</param>
    /// <param name="tensors">The tensors, in their order.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(Stream stream, IEnumerable<(string Name, string Text)> metadata, IReadOnlyList<StreamedTensor> tensors)
    {
        WriteHeader(stream, Header(metadata, tensors.Select(t => (t.Name, t.DType, t.Shape, t.ByteLength))));
        foreach (var tensor in tensors)
        {
            var end = stream.Position + tensor.ByteLength;
            tensor.Write(stream);
            if (stream.Position != end)
                throw new InvalidOperationException($"The tensor {tensor.Name} was written with {stream.Position - end} bytes too many.");
        }
    }

    /// <summary>
    /// Writes a model's weights: <c>model.safetensors</c>, or numbered shards with
    /// an index where one file would be larger than <paramref name="maxBytes"/>.
    /// </summary>
    /// <param name="folder">An existing folder without weights.</param>
    /// <param name="tensors">All tensors.</param>
    /// <param name="maxBytes">Bytes of tensors in a file at most; a larger tensor gets a separate file.</param>
    /// <inheritdoc cref="Write(string, IReadOnlyList{StoredTensor})"/>
    public static void WriteModel(string folder, IReadOnlyList<StoredTensor> tensors, long maxBytes)
    {
        var shards = Shards(tensors, maxBytes);
        if (shards.Count == 1)
        {
            Write(Path.Combine(folder, "model.safetensors"), tensors);
            return;
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < shards.Count; i++)
        {
            var name = $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors";
            Write(Path.Combine(folder, name), shards[i]);
            foreach (var tensor in shards[i])
                map.Add(tensor.Name, name);
        }

        var index = new { metadata = new { total_size = tensors.Sum(t => (long)t.Bytes.Length) }, weight_map = map };
        NewFile.Write(Path.Combine(folder, "model.safetensors.index.json"), JsonSerializer.SerializeToUtf8Bytes(index));
    }

    private static List<List<StoredTensor>> Shards(IReadOnlyList<StoredTensor> tensors, long maxBytes)
    {
        var shards = new List<List<StoredTensor>> { new() };
        var bytes = 0L;
        foreach (var tensor in tensors)
        {
            if (shards[^1].Count > 0 && bytes + tensor.Bytes.Length > maxBytes)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(tensor);
            bytes += tensor.Bytes.Length;
        }

        return shards;
    }

    private static void WriteHeader(Stream stream, byte[] header)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
    }

    private static byte[] Header(
        IEnumerable<(string Name, string Text)> metadata, IEnumerable<(string Name, DType DType, long[] Shape, long Bytes)> tensors)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (name, text) in metadata)
                json.WriteString(name, text);
            json.WriteEndObject();
            var offset = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString(
                    "dtype", tensor.DType switch { DType.F8E4M3 => "F8_E4M3", DType.F8E5M2 => "F8_E5M2", var other => other.ToString() });
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.Bytes]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (stream.Length % Alignment != 0)
            stream.WriteByte((byte)' ');
        return stream.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
