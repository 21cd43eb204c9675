using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using StarKV.Weights;

namespace StarKV.Tests.Sessions;

/// <summary>Changes one thing of a session's file, as damage or an enemy would; the rest stays well-formed.</summary>
internal static class SessionFiles
{
    /// <summary>Writes a file again with other fields.</summary>
    public static void ChangeFields(string path, Action<JsonNode> change) => ChangeHeader(path, header =>
    {
        var metadata = header["__metadata__"]!;
        var fields = JsonNode.Parse(metadata["session"]!.GetValue<string>())!;
        change(fields);
        metadata["session"] = fields.ToJsonString();
    });

    /// <summary>Writes a file again with another header.</summary>
    public static void ChangeHeader(string path, Action<JsonNode> change)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!;
        change(header);
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        var size = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(size, (ulong)text.Length);
        File.WriteAllBytes(path, [.. size, .. text, .. bytes.AsSpan(8 + length)]);
    }

    /// <summary>Changes the bytes of a tensor.</summary>
    public static void ChangeTensor(string path, string name, Action<byte[]> change)
    {
        long offset;
        byte[] bytes;
        using (var file = SafetensorsFile.Open(path))
        {
            var entry = file.Tensors[name];
            (offset, bytes) = (entry.Offset, entry.Bytes(0, (int)entry.ByteLength).ToArray());
        }

        change(bytes);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        stream.Position = offset;
        stream.Write(bytes);
    }

    /// <summary>Bytes of the tensors that hold rows.</summary>
    public static long RowBytes(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.Values
            .Where(t => t.Name == "store.rows" || t.Name.EndsWith(".keys", StringComparison.Ordinal) || t.Name.EndsWith(".values", StringComparison.Ordinal))
            .Sum(t => t.ByteLength);
    }

    /// <summary>Bytes of the tensors whose names begin so.</summary>
    public static long BytesOf(string path, string prefix)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.Values.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(t => t.ByteLength);
    }
}
