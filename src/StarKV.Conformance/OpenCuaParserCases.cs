using System.Text.Json;
using StarKV.Act;
using StarKV.Evaluation.Released;
using StarKV.Input;

namespace StarKV.Conformance;

/// <summary>Answers of OpenCUA with what existing parsers return for them.</summary>
internal sealed class OpenCuaParserCases : IVectorKind
{
    private const string Group = "opencua-parser";
    private const double Tolerance = 1e-9;

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind is JsonValueKind.Object
        && root.TryGetProperty("cases", out var cases) && cases.ValueKind is JsonValueKind.Array
        && (Describes(root) || cases.EnumerateArray().Any(
            c => c.ValueKind is JsonValueKind.Object && c.TryGetProperty("agentnetbench_guikv", out _)));

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
        root.Each("cases", Group, (test, _) => test.Text("id"), (test, id) => s_parsers.Select(parser =>
            CaseResult.Of(Group, $"{id}/{parser.Key}", Difference(test, parser.Key, parser.Parse(new Answer(test))))));

    /// <summary>Each field of a case and what gives it.</summary>
    private static readonly (string Key, Func<Answer, object?> Parse)[] s_parsers =
    [
        ("guikv_action_lines", a => OpenCuaExtraction.CodeLines(a.Text) is { } lines ? lines : Array.Empty<object>()),
        ("starkv_action_lines", a => OpenCuaExtraction.CodeLines(a.Text)),
        ("agentnetbench_guikv", a => a.Evaluated(
            () => Lists(OpenCuaExtraction.Actions(OpenCuaExtraction.CodeLines(a.Text) ?? "", a.Evaluation.Width, a.Evaluation.Height)))),
        ("androidcontrol_mind2web_direct", a => a.Evaluated(
            () => Lists(OpenCuaExtraction.Actions(a.Text, a.Evaluation.Width, a.Evaluation.Height)))),
        ("grounding", a => a.Evaluated(
            () =>
                OpenCuaGrounding.Points(a.Text, a.Evaluation.Width, a.Evaluation.Height) is var (points, error) && error is not null
                    ? error
                    : points.Select(Pair)
                    .ToArray())),
        ("official_action_text", a => OpenCuaOfficial.ActionText(a.Text, a.Agent.Width, a.Agent.Height)),
        ("official_actions", a => Lists(OpenCuaOfficial.Actions(OpenCuaOfficial.ActionText(a.Text, a.Agent.Width, a.Agent.Height)))),
        ("starkv_fallback", a => Rescue(OpenCuaRescue.Of(a.Text, a.Screen.Width, a.Screen.Height))),
    ];

    private static bool Describes(JsonElement root) =>
        root.TryGetProperty("about", out var about) && about.ValueKind is JsonValueKind.Object
        && about.TryGetProperty("fields", out var fields) && fields.ValueKind is JsonValueKind.Object
        && fields.TryGetProperty("official_action_text|official_actions", out _);

    private static string? Difference(JsonElement test, string key, object? actual)
    {
        var expected = test.Member(key);
        if (expected.ValueKind is JsonValueKind.Object && expected.TryGetProperty("raises", out var raises))
            return actual is CompatibilityError error && error.Exception == raises.GetString()
                ? null
                : $"expected {raises}, got {JsonSerializer.Serialize(actual)}";
        if (actual is CompatibilityError thrown)
            return $"expected {expected}, got {thrown.Exception}: {thrown.Message}";
        return Same(expected, JsonSerializer.SerializeToElement(actual))
            ? null
            : $"expected {expected}, got {JsonSerializer.Serialize(actual)}";
    }

    private static bool Same(JsonElement a, JsonElement b) => (a.ValueKind, b.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => Math.Abs(a.GetDouble() - b.GetDouble()) <= Tolerance,
        (JsonValueKind.Array, JsonValueKind.Array) =>
            a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray(), Same).All(same => same),
        (JsonValueKind.Object, JsonValueKind.Object) =>
            a.EnumerateObject().All(p => b.TryGetProperty(p.Name, out var value) && Same(p.Value, value)),
        _ => JsonElement.DeepEquals(a, b),
    };

    private static object[] Lists(IReadOnlyList<OpenCuaAction> actions) =>
        [.. actions.Select(a => new object[] { a.Kind, a.Point is { } point ? Pair(point) : a.Keys ?? a.Amount ?? (object)a.Text! })];

    private static double[] Pair(ScreenPoint point) => [point.X, point.Y];

    private static object Rescue(OpenCuaRescue guess) => new
    {
        operation = guess.Operation,
        click_point = guess.Point is { } point ? Pair(point) : (object)"",
        direction = guess.Direction,
        content = guess.Content,
    };

    /// <summary>One answer with the sizes that its numbers refer to.</summary>
    private sealed class Answer(JsonElement test)
    {
        private const int Factor = 28;

        public string Text { get; } = test.Member("input").Text("response");

        public (int Width, int Height) Screen { get; } = test.Member("input").Size("image_size");

        /// <summary>The evaluation programs' resized screenshot.</summary>
        public (int Width, int Height) Evaluation =>
            (SmartResize.Default with { MinPixels = 100 * Factor * Factor }).Fit(Screen.Width, Screen.Height);

        /// <summary>The public agent's.</summary>
        public (int Width, int Height) Agent => SmartResize.Default.Fit(Screen.Width, Screen.Height);

        /// <summary>The evaluation programs' size function raises below one factor.</summary>
        public object Evaluated(Func<object> parse) =>
            Math.Min(Screen.Width, Screen.Height) < Factor ? new CompatibilityError("ValueError", "a side is below 28 px") : parse();
    }
}
