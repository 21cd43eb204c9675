using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace StarKV.Files;

/// <summary>
/// Reads JSON that people bring: files next to the weights, annotations, prompts, runs, vectors. All readers pass over a byte-order mark.
/// </summary>
[Experimental("STARKV001")]
public static class JsonFile
{
    /// <summary>64 MiB: the index of the largest published checkpoint is below 10 MB.</summary>
    private const long MaxBytes = 64L << 20;

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Returns the file's object; the file must exist.</summary>
    /// <exception cref="StarKvException">
    /// The file cannot be read, is too long, or is not one JSON object without repeated names.
    /// </exception>
    public static JsonFields Read(string path) => Parse(PlainFile.ReadAllBytes(path, MaxBytes), path);

    /// <summary>Returns the file's object, or null when there is no such file.</summary>
    public static JsonFields? ReadIfPresent(string path) => File.Exists(path) ? Read(path) : null;

    /// <summary>Parses the text of a file; <paramref name="source"/> names it in errors.</summary>
    public static JsonFields Parse(ReadOnlyMemory<byte> utf8, string source)
    {
        if (!Utf8.IsValid(utf8.Span))
            throw NoUtf8(source);
        var root = Root(utf8, source, s_strict);
        try
        {
            ReadTexts(root);
        }
        catch (InvalidOperationException error)
        {
            throw new StarKvException($"{source} is not valid JSON: {error.Message}", error);
        }

        return root.ValueKind == JsonValueKind.Object
            ? new JsonFields(root, source, "")
            : throw new StarKvException($"{source} must hold one JSON object, not a {root.ValueKind}.");
    }

    /// <summary>
    /// Parses any JSON value; of a repeated name the last counts, and a text that
    /// is none fails where it is used, so that it spoils one row and not the file.
    /// </summary>
    /// <param name="utf8">The text of a file, or of one line of it.</param>
    /// <param name="source">Names it in errors.</param>
    /// <exception cref="StarKvException">It is not valid JSON.</exception>
    public static JsonElement Value(ReadOnlyMemory<byte> utf8, string source) => Root(utf8, source, default);

    /// <summary>Parses JSON into a record.</summary>
    /// <param name="utf8">The text of a file, or of one line of it.</param>
    /// <param name="options">How the record is written.</param>
    /// <param name="refusal">
    /// What is said of a text that is no such record, such as <c>line 3 of a.jsonl is not a result</c>; the reason follows.
    /// </param>
    /// <exception cref="StarKvException">
    /// It is not valid JSON, lacks a member, or holds null or another kind of value where the record does not.
    /// </exception>
    public static T Record<T>(ReadOnlySpan<byte> utf8, JsonSerializerOptions options, string refusal)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(WithoutMark(utf8), options) ?? throw new StarKvException($"{refusal}: it is null.");
        }
        catch (JsonException error)
        {
            throw new StarKvException($"{refusal}: {Reason(error)}", error);
        }
    }

    /// <summary>
    /// The lines of a file that are not blank, with their numbers from 1; the file's byte-order mark belongs to none of them.
    /// </summary>
    public static IEnumerable<(int Number, ReadOnlyMemory<byte> Text)> Lines(ReadOnlyMemory<byte> utf8)
    {
        for (var number = 1; !utf8.IsEmpty; number++)
        {
            var end = utf8.Span.IndexOf((byte)'\n');
            var line = WithoutMark(end < 0 ? utf8 : utf8[..end]).Trim(" \t\r"u8);
            utf8 = end < 0 ? default : utf8[(end + 1)..];
            if (!line.IsEmpty)
                yield return (number, line);
        }
    }

    // Some editors write a byte-order mark, which JSON itself does not allow.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) => utf8[^WithoutMark(utf8.Span).Length..];

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;

    private static JsonElement Root(ReadOnlyMemory<byte> utf8, string source, JsonDocumentOptions options)
    {
        utf8 = WithoutMark(utf8);
        if (StandIn.Of(utf8.Span) is { } instead)
            throw new StarKvException($"{source} {instead}");
        try
        {
            return JsonDocument.Parse(utf8, options).RootElement;
        }
        // The second is half a surrogate pair in a name.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Utf8.IsValid(utf8.Span) ? new StarKvException($"{source} is not valid JSON: {error.Message}", error) : NoUtf8(source);
        }
    }

    private static StarKvException NoUtf8(string source) => new($"{source} is not UTF-8 text. Save it as UTF-8.");

    /// <summary>The runtime's reason in words for people, who do not know our types: where, and what is wrong there.</summary>
    private static string Reason(JsonException error)
    {
        const string Lacks = "including: ";
        // Text that is not JSON at all has the parser's error beneath, which says where.
        if (error.InnerException is JsonException || error.Path is not { } path)
            return error.Message;
        var what = error.Message switch
        {
            var lacks when lacks.IndexOf(Lacks, StringComparison.Ordinal) is >= 0 and var at =>
                $"lacks {lacks[(at + Lacks.Length)..].Split(". ")[0].TrimEnd('.')}",
            var empty when empty.Contains("null", StringComparison.Ordinal) => "is null",
            _ => "is not of the expected kind",
        };
        return error.LineNumber is > 0 and { } line ? $"{path} (line {line + 1}) {what}." : $"{path} {what}.";
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
