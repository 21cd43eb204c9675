using System.Text.Json;
using System.Text.Unicode;
using StarKV.Input;

namespace StarKV.Weights;

/// <summary>Reads the small JSON files that lie beside the weights.</summary>
internal static class JsonFile
{
    /// <summary>64 MiB: the index of the largest published checkpoint is below 10 MB.</summary>
    private const long MaxBytes = 64L << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Returns the file's object; the file must exist.</summary>
    /// <exception cref="StarKvException">The file cannot be read, is too long, or is not one JSON object without repeated names.</exception>
    public static JsonFields Read(string path)
    {
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes)
                throw new StarKvException($"{path} has {length:N0} bytes; the limit for a configuration file is {MaxBytes:N0}.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StarKvException($"{path} cannot be read: {error.Message}", error);
        }

        return Parse(bytes, path);
    }

    /// <summary>Returns the file's object, or null when there is no such file.</summary>
    public static JsonFields? ReadIfPresent(string path) => File.Exists(path) ? Read(path) : null;

    /// <summary>Parses the text of a file; <paramref name="source"/> names it in errors.</summary>
    public static JsonFields Parse(ReadOnlyMemory<byte> utf8, string source)
    {
        // Some editors write a byte order mark, which JSON itself does not allow.
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (StandIn.Of(utf8.Span) is { } instead)
            throw new StarKvException($"{source} {instead}");
        if (!Utf8.IsValid(utf8.Span))
            throw new StarKvException($"{source} is not UTF-8 text.");
        try
        {
            var root = JsonDocument.Parse(utf8, Strict).RootElement;
            ReadTexts(root);
            if (root.ValueKind != JsonValueKind.Object)
                throw new StarKvException($"{source} must hold one JSON object, not a {root.ValueKind}.");
            return new JsonFields(root, source, "");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new StarKvException($"{source} is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>Reads every text once, so that half a surrogate pair fails here and not wherever the text is first used.</summary>
    private static void ReadTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    ReadTexts(item);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadTexts(property.Value);
                }

                break;
        }
    }
}
