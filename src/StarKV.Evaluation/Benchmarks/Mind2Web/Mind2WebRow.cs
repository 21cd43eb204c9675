using System.Globalization;
using System.Text.Json;
using StarKV.Weights;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>A box in pixels.</summary>
internal readonly record struct WebBox(double X, double Y, double Width, double Height);

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
    string Task, string Instruction, string Operation, string Value, IReadOnlyList<WebBox> Boxes, IReadOnlyList<string> PreviousActions, int TotalSteps, string BlocksPath,
    IReadOnlyDictionary<int, IReadOnlyList<WebBox>> TargetBlocks)
{
    /// <summary>Reads a row.</summary>
    /// <exception cref="StarKvException">A field is missing or holds something else.</exception>
    public static Mind2WebRow Of(JsonElement row, string where)
    {
        var fields = new JsonFields(row, where, "");
        return new(
            Required("annotation_id"), Required("task"), Required("operation"), fields.Text("value") ?? "",
            fields.Has("bbox") ? Read(row.GetProperty("bbox")) : [],
            [.. fields.Has("previous_actions") ? row.GetProperty("previous_actions").EnumerateArray().Select(p => p.GetString() ?? "") : []],
            (int)fields.Whole("total_steps", 1, 1, 10_000), Required("blocks_path"),
            fields.Has("target_blocks") ? row.GetProperty("target_blocks").EnumerateObject().ToDictionary(b => int.Parse(b.Name, CultureInfo.InvariantCulture), b => (IReadOnlyList<WebBox>)Read(b.Value)) : new Dictionary<int, IReadOnlyList<WebBox>>());

        string Required(string name) => fields.Text(name) ?? throw fields.Error($"{name} is missing.");
    }

    private static List<WebBox> Read(JsonElement boxes) => [.. boxes.EnumerateArray().Select(b => new WebBox(b[0].GetDouble(), b[1].GetDouble(), b[2].GetDouble(), b[3].GetDouble()))];
}
