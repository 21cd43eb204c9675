using System.Globalization;
using System.Text.Json;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>A box in pixels.</summary>
internal readonly record struct WebBox(double X, double Y, double Width, double Height)
{
    /// <value>The data set's mark of an element that is not shown.</value>
    public static WebBox NotShown { get; } = new(-1, -1, -1, -1);

    /// <summary>True when the box has an area of which a part is in a picture of this size.</summary>
    public bool IsIn(double width, double height) => TargetBox.IsIn(X, Y, X + Width, Y + Height, width, height);
}

/// <summary>One recorded step on a page that is cut into blocks.</summary>
/// <param name="Task">The task's id; its steps share it.</param>
/// <param name="Instruction">The task in words.</param>
/// <param name="Operation"><c>CLICK</c>, <c>TYPE</c> or <c>SELECT</c>.</param>
/// <param name="Value">Text or option; empty for a click.</param>
/// <param name="Boxes">The target in pixels of the whole page; may be empty.</param>
/// <param name="PreviousActions">The steps before, in words.</param>
/// <param name="TotalSteps">Steps of the task.</param>
/// <param name="BlocksPath">Folder of the blocks below that of the split.</param>
/// <param name="TargetBlocks">For each block that shows the target, its boxes in pixels of the block.</param>
internal sealed record Mind2WebRow(
    string Task,
    string Instruction,
    string Operation,
    string Value,
    IReadOnlyList<WebBox> Boxes,
    IReadOnlyList<string> PreviousActions,
    int TotalSteps,
    string BlocksPath,
    IReadOnlyDictionary<int, IReadOnlyList<WebBox>> TargetBlocks)
{
    /// <summary>Reads a row.</summary>
    /// <exception cref="StarKvException">A field is missing or holds something else, or no box is one.</exception>
    public static Mind2WebRow Of(JsonElement row)
    {
        var fields = JsonFields.OfRow(row);
        return new(
            fields.RequiredText("annotation_id"), fields.RequiredText("task"), fields.RequiredText("operation"), fields.Text("value") ?? "",
            Read(fields, "bbox"), fields.TextList("previous_actions"),
            (int)fields.Whole("total_steps", 1, 1, 10_000), fields.RequiredText("blocks_path"),
            Blocks(fields.Object("target_blocks")));
    }

    private static Dictionary<int, IReadOnlyList<WebBox>> Blocks(JsonFields? blocks)
    {
        var boxes = new Dictionary<int, IReadOnlyList<WebBox>>();
        foreach (var name in blocks?.Names ?? [])
        {
            if (!boxes.TryAdd(Number(blocks!, name), Read(blocks!, name)))
                throw blocks!.Error($"target_blocks names the block {MessageText.Text(name)} twice.");
        }

        return boxes;
    }

    // Published rows may have a box off the page along with a good one, and the mark of an element that is not shown: no box at all.
    private static IReadOnlyList<WebBox> Read(JsonFields fields, string name)
    {
        IReadOnlyList<WebBox> all =
        [
            .. fields.NumberRows(name, 4).Select(b => new WebBox(b[0], b[1], b[2], b[3])).Where(b => b != WebBox.NotShown),
        ];
        IReadOnlyList<WebBox> boxes = [.. all.Where(b => b.IsIn(double.PositiveInfinity, double.PositiveInfinity))];
        return boxes.Count > 0 || all.Count == 0 ? boxes : throw fields.Bad(name, "a list of boxes [x, y, width, height] with an area");
    }

    private static int Number(JsonFields blocks, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw blocks.Error($"target_blocks has the name {MessageText.Text(name)}; the number of a block is expected.");
}
