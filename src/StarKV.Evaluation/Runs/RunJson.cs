using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StarKV.Evaluation.Runs;

/// <summary>How results are written as JSON.</summary>
internal static class RunJson
{
    /// <summary>One line.</summary>
    public static JsonSerializerOptions Line { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>One line, with what is null.</summary>
    public static JsonSerializerOptions Everything { get; } = new(Line) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>A file that people read.</summary>
    public static JsonSerializerOptions File { get; } = new(Line) { WriteIndented = true, NewLine = "\n" };
}
