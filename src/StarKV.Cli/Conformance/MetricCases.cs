using System.Text.Json;
using StarKV.Input;

namespace StarKV.Cli.Conformance;

/// <summary>The arithmetic that benchmark scores rest on: sizes of resized screens, and metrics of the published benchmarks.</summary>
internal sealed class MetricCases : IVectorKind
{
    // Doubles of the same formulas in another order of operations.
    private const double Tolerance = 1e-12;
    private static readonly JsonSerializerOptions s_published = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("smart_resize", out var table) && table.TryGetProperty("rows", out _) && !root.TryGetProperty("processors", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        foreach (var key in root.EnumerateObject())
        {
            var results = key.Name switch
            {
                "about" => [],
                "smart_resize" => key.Value.GetProperty("rows").EnumerateArray().Select(SmartResizeRow),
                "androidcontrol_smallest_node" => SmallestNode(key),
                "starkv_androidcontrol_helpers" => key.Value.EnumerateObject().SelectMany(Helper),
                "screenspotpro_report" => [CaseResult.Of(key.Name, "tables", Difference(key.Value.GetProperty("metrics"), JsonSerializer.SerializeToElement(BenchmarkMetrics.Report(key.Value.GetProperty("rows")), s_published)))],
                _ when BenchmarkMetrics.Lists.TryGetValue(key.Name, out var metric) => key.Value.EnumerateArray().Select((test, i) =>
                    CaseResult.Of(key.Name, $"{i}{(test.TryGetProperty("title", out var title) ? $" {title}" : "")}", Difference(test.GetProperty(metric.Expected), metric.Compute(test)))),
                _ => [CaseResult.Missing("metrics", key.Name, $"the metric {key.Name} is not built yet")],
            };
            foreach (var result in results)
                yield return result;
        }
    }

    private static IEnumerable<CaseResult> SmallestNode(JsonProperty key)
    {
        var nodes = Flat(key.Value.GetProperty("tree")).ToList();
        return key.Value.GetProperty("cases").EnumerateArray().Select((test, i) =>
        {
            var found = BenchmarkMetrics.SmallestNode(nodes, test.GetProperty("point"));
            return CaseResult.Of(key.Name, $"{i}", Difference(test.GetProperty("node"), found is { } place ? nodes[place].GetProperty("id").GetString() : null));
        });

        static IEnumerable<JsonElement> Flat(JsonElement tree) => tree.EnumerateArray().SelectMany(n => n.ValueKind is JsonValueKind.Array ? Flat(n) : [n]);
    }

    private static IEnumerable<CaseResult> Helper(JsonProperty helper)
    {
        var group = $"starkv_androidcontrol {helper.Name.Split('(')[0]}";
        return BenchmarkMetrics.AndroidControlHelpers.TryGetValue(helper.Name, out var compute)
            ? helper.Value.EnumerateArray().Select((test, i) => CaseResult.Of(group, $"{i}", Difference(test.GetProperty("result"), compute(test.GetProperty("args")))))
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
        (JsonValueKind.Array, JsonValueKind.Array) => a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray(), Same).All(same => same),
        (JsonValueKind.Object, JsonValueKind.Object) => a.EnumerateObject().Count() == b.EnumerateObject().Count() && a.EnumerateObject().All(p => b.TryGetProperty(p.Name, out var value) && Same(p.Value, value)),
        _ => JsonElement.DeepEquals(a, b),
    };

    private static CaseResult SmartResizeRow(JsonElement row)
    {
        var (width, height) = (row.GetProperty("size")[0].GetInt32(), row.GetProperty("size")[1].GetInt32());
        var (small, evaluation) = (SmartResize.Default, new SmartResize(MinPixels: 78_400));
        var difference = Differs("min3136", small.Fit(width, height))
            ?? Differs("min78400", evaluation.Fit(width, height))
            ?? Differs("min78400_half_up", evaluation.Fit(width, height, MidpointRounding.AwayFromZero))
            ?? Tokens();
        return CaseResult.Of("smart_resize", $"{width}x{height}", difference);

        string? Differs(string key, (int Width, int Height) got) =>
            got == (row.GetProperty(key)[0].GetInt32(), row.GetProperty(key)[1].GetInt32())
                ? null
                : $"{key} gives [{got.Width}, {got.Height}], want {row.GetProperty(key)}";

        string? Tokens()
        {
            var (w, h) = small.Fit(width, height);
            var (got, want) = (PatchGrid.FromSize(w, h).Tokens, row.GetProperty("vision_tokens_min3136").GetInt32());
            return got == want ? null : $"{got} vision tokens, want {want}";
        }
    }
}
