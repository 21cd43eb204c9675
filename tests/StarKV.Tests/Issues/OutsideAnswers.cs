using System.Text.Json;
using StarKV.Act;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>Answers in forms that people met elsewhere, and their right values: tests/vectors/outside/models/actions.json.</summary>
internal static class OutsideAnswers
{
    /// <summary>A screen that the model sees as 1932×1092.</summary>
    public static readonly CoordinateMapper Screen = CoordinateMapper.ForModelPixels(1920, 1080);

    private static readonly JsonElement s_cases =
        JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "outside", "models", "actions.json"))).RootElement;

    /// <summary>The answer with this id, parsed.</summary>
    public static ParsedAnswer Parse(string id)
    {
        var found = Case(id);
        var isCode = found.TryGetProperty("lang", out var lang) && lang.GetString() == "opencua";
        var language = isCode ? ActionLanguage.OpenCua : ActionLanguage.UiTars;
        var screen = CoordinateMapper.ForModelPixels(found.GetProperty("w").GetInt32(), found.GetProperty("h").GetInt32());
        return ActionParser.Parse(language, found.GetProperty("answer").GetString()!, screen);
    }

    /// <summary>The right value of the only action, which has no finding: its name with its keys or its text.</summary>
    public static (string Name, string? Text, string Keys) Right(string id)
    {
        var right = Case(id).GetProperty("right");
        return (
            right.GetProperty("name").GetString()!,
            right.TryGetProperty("text", out var text) ? text.GetString() : null,
            right.TryGetProperty("keys", out var keys) ? string.Join(' ', keys.EnumerateArray().Select(k => k.GetString())) : "");
    }

    /// <summary>The same of what was parsed.</summary>
    public static (string Name, string? Text, string Keys) Single(ParsedAnswer answer)
    {
        Assert.Empty(answer.Diagnostics);
        var action = Assert.Single(answer.Actions);
        return (action.Name, action.Text, string.Join(' ', action.Keys));
    }

    private static JsonElement Case(string id) => s_cases.EnumerateArray().Single(c => c.GetProperty("id").GetString() == id);
}
