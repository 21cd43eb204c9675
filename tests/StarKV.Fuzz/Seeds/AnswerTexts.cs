using System.Text;
using System.Text.Json;

namespace StarKV.Fuzz.Seeds;

/// <summary>Answers of models: those of the parsers' vectors, and a few that hold everything at once.</summary>
internal static class AnswerTexts
{
    /// <summary>Answers in the language of UI-TARS.</summary>
    public static IEnumerable<byte[]> UiTars() => Of("uitars_parser_cases.json", input => input.GetProperty("prediction"));

    /// <summary>Answers in the language of OpenCUA.</summary>
    public static IEnumerable<byte[]> OpenCua() => Of("opencua_parser_cases.json", input => input.GetProperty("response"));

    /// <summary>Answers with tool calls, of GUI-Owl-1.5 and Qwen3-VL.</summary>
    public static IEnumerable<byte[]> ToolCall() => OfQwen3Vl("-computer", "-mobile");

    /// <summary>Answers of UI-Venus-1.5's navigation.</summary>
    public static IEnumerable<byte[]> UiVenus() => OfQwen3Vl("ui-venus-mobile", "ui-venus-web");

    /// <summary>Answers that are a place, of UI-Venus-1.5 and Qwen3-VL.</summary>
    public static IEnumerable<byte[]> Point() => OfQwen3Vl("-grounding", "-point");

    private static IEnumerable<byte[]> OfQwen3Vl(params string[] models) => Of(
        "qwen3vl_parser_cases.json", input => input.GetProperty("answer"), item => models.Any(model => item.GetProperty("model").GetString()!.EndsWith(model, StringComparison.Ordinal)));

    private static IEnumerable<byte[]> Of(string file, Func<JsonElement, JsonElement> text, Func<JsonElement, bool>? where = null)
    {
        using var document = JsonDocument.Parse(SeedFiles.Read($"tests/vectors/cases/{file}"));
        foreach (var item in document.RootElement.GetProperty("cases").EnumerateArray().Where(where ?? (_ => true)))
            yield return Encoding.UTF8.GetBytes(text(item.GetProperty("input")).GetString()!);
    }
}
