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

    private static IEnumerable<byte[]> Of(string file, Func<JsonElement, JsonElement> text)
    {
        using var document = JsonDocument.Parse(SeedFiles.Read($"tests/vectors/cases/{file}"));
        foreach (var item in document.RootElement.GetProperty("cases").EnumerateArray())
            yield return Encoding.UTF8.GetBytes(text(item.GetProperty("input")).GetString()!);
    }
}
