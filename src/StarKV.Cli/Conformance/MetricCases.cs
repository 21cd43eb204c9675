using System.Text.Json;
using StarKV.Input;

namespace StarKV.Cli.Conformance;

/// <summary>The arithmetic that benchmark scores rest on; of it, the screen sizes are built.</summary>
internal sealed class MetricCases : IVectorKind
{
    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("smart_resize", out var table) && table.TryGetProperty("rows", out _) && !root.TryGetProperty("processors", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        foreach (var key in root.EnumerateObject())
            if (key.Name == "smart_resize")
                foreach (var row in key.Value.GetProperty("rows").EnumerateArray())
                    yield return SmartResizeRow(row);
            else if (key.Name != "about")
                yield return CaseResult.Missing("metrics", key.Name, $"the metric {key.Name} is not built yet");
    }

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
