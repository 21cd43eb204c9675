using System.Text.Json;
using StarKV.Evaluation.Benchmarks;
using StarKV.Input;

namespace StarKV.Conformance;

/// <summary>The arithmetic that benchmark scores rest on: sizes of resized screens, and metrics of the published benchmarks.</summary>
internal sealed class MetricCases : IVectorKind
{
    // Doubles of the same formulas in another order of operations.
    private const double Tolerance = 1e-12;

    /// <summary>For each key of the file that holds a list of cases: the field with the expected result.</summary>
    private static readonly Dictionary<string, string> s_lists = new()
    {
        ["agentnetbench_evaluate_action"] = "score",
        ["agentnetbench_from_uitars"] = "result",
        ["mind2web_operation_f1"] = "f1",
        ["mind2web_point_in_boxes"] = "result",
        ["screenspotpro_point"] = "result",
    };

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object

            && root.TryGetProperty("smart_resize", out var table)
            && table.ValueKind == JsonValueKind.Object
            && table.TryGetProperty("rows", out _)
            && !root.TryGetProperty("processors", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        foreach (var key in root.EnumerateObject())
        {
            // A key that is no list of cases fails by itself.
            foreach (var result in VectorJson.Each([root], "", key.Name, (_, _) => key.Name, (_, _) => Metric(root, key)))
                yield return result;
        }
    }

    private static IEnumerable<CaseResult> Metric(JsonElement root, JsonProperty key) => key.Name switch
    {
        "about" => [],
        "smart_resize" => key.Value.Each("rows", key.Name, (row, _) => row.Member("size").ToString(), (row, _) => SmartResizeRow(row)),
        "androidcontrol_smallest_node" => SmallestNode(key),
        "starkv_androidcontrol_helpers" => root.Members(key.Name).SelectMany(helper => Helper(key.Value, helper)),
        "screenspotpro_report" => [CaseResult.Of(
            key.Name, "tables", Difference(key.Value.Member("metrics"), RulesByName.OnObjects[key.Name](key.Value)))],
        _ when s_lists.TryGetValue(key.Name, out var expected) => root.Each(
            key.Name, key.Name, (test, i) => test.TryGetProperty("title", out var title) ? $"{i} {title}" : $"{i}",
            (test, name) => CaseResult.Of(key.Name, name, Difference(test.Member(expected), RulesByName.OnObjects[key.Name](test)))),
        _ => [CaseResult.Missing("metrics", key.Name, $"the metric {key.Name} is not built yet")],
    };

    private static IEnumerable<CaseResult> SmallestNode(JsonProperty key)
    {
        var nodes = Flat(key.Value.List("tree")).ToList();
        return key.Value.Each("cases", key.Name, (_, i) => $"{i}", (test, name) =>
        {
            var found = RulesByName.SmallestNode(nodes, test.Member("point"));
            return CaseResult.Of(key.Name, name, Difference(test.Member("node"), found is { } place ? nodes[place].Text("id") : null));
        });

        static IEnumerable<JsonElement> Flat(IEnumerable<JsonElement> tree) =>
            tree.SelectMany(n => n.ValueKind is JsonValueKind.Array ? Flat(n.EnumerateArray()) : [n]);
    }

    private static IEnumerable<CaseResult> Helper(JsonElement helpers, JsonProperty helper)
    {
        var group = $"starkv_androidcontrol {helper.Name.Split('(')[0]}";
        return RulesByName.OnLists.TryGetValue(helper.Name, out var compute)
            ? helpers.Each(
                helper.Name, group, (_, i) => $"{i}",
                (test, name) => CaseResult.Of(group, name, Difference(test.Member("result"), compute(test.Member("args")))))
            : [CaseResult.Missing(group, helper.Name, $"the metric {helper.Name} is not built yet")];
    }

    private static string? Difference(JsonElement expected, object? actual)
    {
        var got = actual as JsonElement? ?? JsonSerializer.SerializeToElement(actual);
        return Same(expected, got) ? null : $"{got.GetRawText()} where {expected.GetRawText()} is expected";
    }

    private static bool Same(JsonElement a, JsonElement b) => (a.ValueKind, b.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => Math.Abs(a.GetDouble() - b.GetDouble()) <= Tolerance,
        (JsonValueKind.Array, JsonValueKind.Array) =>
            a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray(), Same).All(same => same),
        (JsonValueKind.Object, JsonValueKind.Object) =>
            a.EnumerateObject().Count() == b.EnumerateObject().Count() && a.EnumerateObject()
                .All(p => b.TryGetProperty(p.Name, out var value) && Same(p.Value, value)),
        _ => JsonElement.DeepEquals(a, b),
    };

    private static CaseResult SmartResizeRow(JsonElement row)
    {
        var (width, height) = row.Size("size");
        var (small, evaluation) = (SmartResize.Default, new SmartResize(MinPixels: 78_400));
        var difference = Differs("min3136", small.Fit(width, height))
            ?? Differs("min78400", evaluation.Fit(width, height))
            ?? Differs("min78400_half_up", evaluation.Fit(width, height, MidpointRounding.AwayFromZero))
            ?? Tokens();
        return CaseResult.Of("smart_resize", $"{width}x{height}", difference);

        string? Differs(string key, (int Width, int Height) got) =>
            got == row.Size(key)
                ? null
                : $"{key} gives [{got.Width}, {got.Height}], want {row.Member(key)}";

        string? Tokens()
        {
            var (w, h) = small.Fit(width, height);
            var (got, want) = (PatchGrid.FromSize(w, h).Tokens, row.Whole("vision_tokens_min3136"));
            return got == want ? null : $"{got} vision tokens, want {want}";
        }
    }
}
