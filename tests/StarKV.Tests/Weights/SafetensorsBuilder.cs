using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Weights;

/// <summary>Makes small safetensors files, sound ones and, with <see cref="Raw(string, byte[])"/>, broken ones.</summary>
public sealed class SafetensorsBuilder
{
    private readonly Dictionary<string, object> _header = [];
    private readonly List<byte> _data = [];

    /// <summary>Adds a tensor whose bytes count up from 0 and wrap at 256.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="dtype">Its stored type, for example <c>F8_E4M3</c>.</param>
    /// <param name="shape">Its dimensions; none for a scalar.</param>
    public SafetensorsBuilder Add(string name, string dtype, params long[] shape)
    {
        var size = dtype switch
        {
            "F64" or "I64" => 8,
            "F32" or "I32" => 4,
            "F16" or "BF16" or "I16" => 2,
            _ => 1,
        };
        var count = shape.Aggregate(1L, (a, b) => a * b) * size;
        return Add(name, dtype, shape, [.. Enumerable.Range(0, (int)count).Select(i => (byte)i)]);
    }

    /// <summary>Adds a tensor with its bytes.</summary>
    public SafetensorsBuilder Add(string name, string dtype, long[] shape, byte[] bytes)
    {
        var begin = (long)_data.Count;
        _data.AddRange(bytes);
        _header.Add(name, new { dtype, shape, data_offsets = new[] { begin, _data.Count } });
        return this;
    }

    /// <summary>Sets the file's metadata.</summary>
    public SafetensorsBuilder Metadata(Dictionary<string, string> metadata)
    {
        _header.Add("__metadata__", metadata);
        return this;
    }

    /// <summary>Returns the file's bytes.</summary>
    public byte[] Build() => Raw(JsonSerializer.Serialize(_header), [.. _data]);

    /// <summary>Returns a file with any header text before any data.</summary>
    public static byte[] Raw(string header, params byte[] data) => Raw(Encoding.UTF8.GetBytes(header), data);

    /// <summary>Returns a file with any header bytes before any data.</summary>
    public static byte[] Raw(byte[] header, byte[] data)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. data];
    }
}
