using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace StarKV.Evaluation.Runs;

/// <summary>How results are written as JSON.</summary>
internal static class RunJson
{
    /// <summary>One line.</summary>
    public static JsonSerializerOptions Line { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new FiniteNumber() },
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireParameters } },
    };

    /// <summary>One line, with what is null.</summary>
    public static JsonSerializerOptions Everything { get; } = new(Line) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>A file that people read.</summary>
    public static JsonSerializerOptions File { get; } = new(Line) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The bytes of one line.</summary>
    public static byte[] LineBytes<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Line), (byte)'\n'];

    /// <summary>The bytes of a file that people read.</summary>
    public static byte[] FileBytes(object value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, File), (byte)'\n'];

    /// <summary>The members in which two records differ, as JSON; what is null reads <c>none</c>.</summary>
    public static IReadOnlyList<Difference> Differences<T>(T first, T second)
    {
        var (was, now) = (Members(first), Members(second));
        return [.. now.Where(m => was[m.Key] != m.Value).Select(m => new Difference(m.Key, was[m.Key], m.Value))];
    }

    /// <summary>JSON has no infinity, and a number too large for a double is read as one.</summary>
    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
                ? value
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    // What is null is not written; everything else that a record is made of must be there.
    private static void RequireParameters(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(p => p.AssociatedParameter is { IsNullable: false, HasDefaultValue: false }))
            property.IsRequired = true;
    }

    private static Dictionary<string, string> Members<T>(T record) =>
        JsonSerializer.SerializeToNode(record, Everything)!.AsObject()
            .ToDictionary(f => f.Key, f => f.Value?.ToJsonString(Everything) ?? "none");
}

/// <summary>Something that two runs do not have in common.</summary>
/// <param name="Name">What it is.</param>
/// <param name="First">In the first run.</param>
/// <param name="Second">In the second.</param>
public sealed record Difference(string Name, string First, string Second);
