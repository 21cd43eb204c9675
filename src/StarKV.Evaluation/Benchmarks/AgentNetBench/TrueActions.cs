using System.Text.Json;
using StarKV.Act;
using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>Reads accepted actions of a step.</summary>
internal static class TrueActions
{
    /// <summary>Reads <c>{type, params, metadata}</c>; parameters that a type does not need may be missing.</summary>
    /// <exception cref="InvalidOperationException">A field holds another kind of value.</exception>
    /// <exception cref="KeyNotFoundException">The type, or a part of a position or box, is missing.</exception>
    public static TrueAction Of(JsonElement action)
    {
        var given = action.GetProperty("params");
        return new TrueAction(action.GetProperty("type").GetString()!)
        {
            Point = Find(given, "position") is { } position ? new ScreenPoint(position.GetProperty("x").GetDouble(), position.GetProperty("y").GetDouble()) : null,
            Boxes = Find(action, "metadata") is { } metadata && Find(metadata, "bboxes") is { } boxes ? [.. boxes.EnumerateArray().Select(b => Box(b.GetProperty("rel_bbox")))] : [],
            Text = (Find(given, "text") ?? Find(given, "content"))?.GetString() ?? "",
            Keys = Find(given, "keys") is { } keys ? [.. keys.EnumerateArray().Select(k => k.GetString()!)] : [],
            Status = Find(given, "status")?.GetString() ?? "",
        };
    }

    private static RelativeBox Box(JsonElement xywh) => RelativeBox.OfSize(xywh[0].GetDouble(), xywh[1].GetDouble(), xywh[2].GetDouble(), xywh[3].GetDouble(), 1, 1);

    private static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
}
