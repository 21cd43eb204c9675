using System.Text.Json;
using StarKV.Evaluation.Released;

namespace StarKV.Conformance;

/// <summary>Answers of UI-TARS with what four existing parsers return for them; one result per answer and parser.</summary>
internal sealed class UiTarsParserCases : IVectorKind
{
    private const string Group = "uitars-parser";

    /// <summary>The parsers: name in the result, key in the file, and how a case's input becomes one.</summary>
    private static readonly (string Name, string Key, Func<JsonElement, ICompatibilityParser> Create)[] s_parsers =
    [
        ("js", "npm", input => new JsActionParser(JsOptions(input))),
        ("py", "python_official", input => PyActionParser.Official(PyOptions(input))),
        ("guikv", "guikv", input => PyActionParser.GuiKv(PyOptions(input))),
        ("starkv", "starkv", input => new StarKvActionParser(PyOptions(input))),
    ];

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind is JsonValueKind.Object
        && root.TryGetProperty("cases", out var cases) && cases.ValueKind is JsonValueKind.Array && cases.GetArrayLength() > 0
        && (HasNpm(root) || (root.TryGetProperty("about",
            out var about) && HasNpm(about)) || (cases[0].ValueKind is JsonValueKind.Object && cases[0].TryGetProperty("npm", out _)));

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        return root.Each("cases", Group, (item, _) => item.Text("id"), (item, id) => Case(item, id, item.Member("input")));
    }

    private static IEnumerable<CaseResult> Case(JsonElement item, string id, JsonElement input)
    {
        foreach (var (name, key, create) in s_parsers)
        {
            if (!item.TryGetProperty(key, out var expected)) continue;
            var answer = create(input).Parse(input.Text("prediction"));
            var difference = ParserDifference.Between(Resolve(item, expected), answer) ?? LoggedErrors(item, key, answer);
            yield return CaseResult.Of(Group, $"{id}/{name}", difference);
        }
    }

    private static bool HasNpm(JsonElement part) =>
        part.ValueKind is JsonValueKind.Object && part.TryGetProperty("parsers", out var parsers)
        && parsers.ValueKind is JsonValueKind.Object && parsers.TryGetProperty("npm", out _);

    /// <summary>Follows <c>{"same": "python_official"}</c> to the entry it names.</summary>
    private static JsonElement Resolve(JsonElement item, JsonElement expected)
    {
        while (expected.TryGetProperty("same", out var other)) expected = item.Member(other.GetString()!);
        return expected;
    }

    private static string? LoggedErrors(JsonElement item, string key, CompatibilityAnswer answer) =>
        key == "npm" && item.TryGetProperty("npm_logged_errors", out var logged) && logged.GetInt32() != answer.LoggedErrors
            ? $"logged errors: expected {logged}, got {answer.LoggedErrors}"
            : null;

    private static JsParserOptions JsOptions(JsonElement input)
    {
        var factors = Factors(input);
        return new()
        {
            FactorX = factors[0],
            FactorY = factors[^1],
            TaggedAnswer = Text(input, "mode") == "o1",
            Screen = Screen(input),
            ScaleFactor = Optional(input, "scaleFactor") is { } scale ? scale.GetDouble() : 1,
            ModelVersion = Text(input, "modelVer") ?? "1.0",
        };
    }

    private static PyParserOptions PyOptions(JsonElement input) => new()
    {
        // Only version 1.5 with a known screen counts pixels of the resized image.
        Screen = Text(input, "modelVer") == "1.5" ? Screen(input) : null,
        Factor = Factors(input)[0],
    };

    private static double[] Factors(JsonElement input) => Optional(input, "factor") switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(f => f.GetDouble())],
        { } one => [one.GetDouble()],
        null => [1000],
    };

    private static (int Width, int Height)? Screen(JsonElement input) =>
        Optional(input, "screenContext") is { } screen ? (screen.Whole("width"), screen.Whole("height")) : null;

    private static string? Text(JsonElement input, string name) => Optional(input, name)?.GetString();

    private static JsonElement? Optional(JsonElement input, string name) =>
        input.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
}
