using System.Collections.Immutable;
using StarKV.Act;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Metrics;
using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>Reads accepted actions of a step.</summary>
internal static class TrueActions
{
    /// <summary>Reads <c>{type, params, metadata}</c>; parameters that a type does not need may be missing.</summary>
    /// <exception cref="StarKvException">
    /// A field holds something else; the type, or a part of a position or box, is missing; or no box is one.
    /// </exception>
    public static TrueAction Of(JsonFields action)
    {
        var given = action.RequiredObject("params");
        return new TrueAction(action.RequiredText("type"))
        {
            Point = given.Object("position") is { } position
                ? new ScreenPoint(position.RequiredNumber("x"), position.RequiredNumber("y"))
                : null,
            Boxes = action.Object("metadata") is { } metadata ? Boxes(metadata) : [],
            Text = given.Text("text") ?? given.Text("content") ?? "",
            Keys = given.TextList("keys"),
            Status = given.Text("status") ?? "",
        };
    }

    private static IReadOnlyList<RelativeBox> Boxes(JsonFields metadata)
    {
        IReadOnlyList<JsonFields> all = metadata.List("bboxes");
        IReadOnlyList<RelativeBox> boxes = [.. all.Select(Box).Where(b => TargetBox.IsIn(b.Left, b.Top, b.Right, b.Bottom, 1, 1))];
        return boxes.Count > 0 || all.Count == 0
            ? boxes
            : throw all[0].Bad("rel_bbox", "x, y, width, height of a box in shares of the screen");
    }

    private static RelativeBox Box(JsonFields box)
    {
        ImmutableArray<double> xywh = box.Numbers("rel_bbox", 4) ?? throw box.Missing("rel_bbox");
        return RelativeBox.OfSize(xywh[0], xywh[1], xywh[2], xywh[3], 1, 1);
    }
}
