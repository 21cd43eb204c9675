using System.Text.Json;
using System.Text.Unicode;
using StarKV.Files;

namespace StarKV.Weights;

/// <summary>Reads a safetensors header straight from the mapping, refusing what the format does not allow.</summary>
/// <remarks>
/// A token reader and not a document: a document keeps the last of two equal names, so that two programs could see two
/// different models in one file.
/// </remarks>
internal sealed class SafetensorsHeader
{
    private const string MetadataName = "__metadata__";
    private const int MaxDimensions = 64;

    private readonly SafetensorsFile _file;
    private readonly long _dataStart;

    private SafetensorsHeader(SafetensorsFile file, long dataStart) => (_file, _dataStart) = (file, dataStart);

    public Dictionary<string, TensorEntry> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static SafetensorsHeader Read(SafetensorsFile file, ReadOnlySpan<byte> utf8, long dataStart)
    {
        var header = new SafetensorsHeader(file, dataStart);
        if (!Utf8.IsValid(utf8))
            throw new StarKvException($"{file.FilePath}: the header is not UTF-8 text; this is not a safetensors file.");
        try
        {
            header.ReadObject(utf8);
            return header;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of an escaped surrogate pair, which is JSON but not text.
            throw new StarKvException($"{file.FilePath}: the header is not valid JSON ({error.Message}) {file.WayOut}", error);
        }
    }

    private void ReadObject(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new StarKvException($"{_file.FilePath}: the header is not a JSON object; this is not a safetensors file.");

        var metadataSeen = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (name == MetadataName)
            {
                if (metadataSeen)
                    throw new StarKvException($"{_file.FilePath}: the header has {MetadataName} twice.");
                metadataSeen = true;
                ReadMetadata(ref json);
            }
            else if (!Tensors.TryAdd(name, ReadTensor(ref json, name)))
            {
                throw Bad(name, "is described twice; which one is meant cannot be known");
            }
        }

        // Reading on to the end makes the reader refuse anything but padding after the object.
        while (json.Read()) { }
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new StarKvException($"{_file.FilePath}: {MetadataName} is not an object of texts.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw new StarKvException($"{_file.FilePath}: {MetadataName} must hold texts only; {MessageText.Name(key)} is not one.");
            if (!Metadata.TryAdd(key, json.GetString()!))
                throw new StarKvException($"{_file.FilePath}: {MetadataName} has {MessageText.Name(key)} twice.");
        }
    }

    private TensorEntry ReadTensor(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Bad(name, "is not described by a JSON object");

        DType? type = null;
        long[]? shape = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = json.GetString();
            json.Read();
            switch (field)
            {
                case "dtype" when type is null:
                    type = ReadType(ref json, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref json, name, "shape", MaxDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref json, name, "data_offsets", 2);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Bad(name, $"has {field} twice");
                default:
                    json.Skip();
                    break;
            }
        }

        if (type is null || shape is null || offsets is null)
            throw Bad(name, "lacks one of dtype, shape and data_offsets");
        return Entry(name, type.Value, shape, offsets);
    }

    private TensorEntry Entry(string name, DType type, long[] shape, long[] offsets)
    {
        if (offsets.Length != 2)
            throw Bad(name, $"has {offsets.Length} data_offsets instead of a begin and an end");
        var (begin, end) = (offsets[0], offsets[1]);
        if (end < begin)
            throw Bad(name, $"ends at byte {end:N0} before it begins at byte {begin:N0}");
        var dataBytes = _file.Length - _dataStart;
        if (end > dataBytes)
            throw Bad(name, $"ends at byte {end:N0} of {dataBytes:N0}; the file is cut short. {_file.WayOut.TrimEnd('.')}");

        long count, bytes;
        try
        {
            count = shape.Aggregate(1L, (product, size) => checked(product * size));
            bytes = checked(count * type.ByteSize());
        }
        catch (OverflowException error)
        {
            throw new StarKvException(
                $"{Bad(name, $"has the shape [{string.Join(", ", shape)}], more elements than can be counted").Message}", error);
        }

        if (bytes != end - begin)
            throw Bad(name, $"has the shape [{string.Join(", ", shape)}] in {type}, {bytes:N0} bytes, but {end - begin:N0} bytes of data");
        return new TensorEntry(_file, name, type, shape, count, _dataStart + begin, bytes);
    }

    private DType ReadType(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.String)
            throw Bad(name, "has a dtype that is not a text");
        var stored = json.GetString()!;
        return DTypes.Parse(stored) ?? throw Bad(
            name,
            $"has the dtype {MessageText.Name(stored)}{(stored == "U32" ? ", in which MLX packs quantized weights" : "")}; "
                + $"supported are {DTypes.Supported}",
            WeightScales.WayOut);
    }

    private long[] ReadNumbers(ref Utf8JsonReader json, string name, string field, int max)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw Bad(name, $"has {field} that is not a list");
        var numbers = new List<long>(4);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number) || number < 0)
                throw Bad(name, $"has {field} with something else than whole numbers from 0 to 2^63-1");
            if (numbers.Count == max)
                throw Bad(name, $"has more than {max} numbers in {field}");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private StarKvException Bad(string tensor, InvariantText what, string? wayOut = null) => Bad(tensor, what.ToString(), wayOut);

    private StarKvException Bad(string tensor, string what, string? wayOut = null) =>
        new($"{_file.FilePath}: tensor {MessageText.Name(tensor)} {what}.{(wayOut is null ? "" : $" {wayOut}")}");
}
