using System.Text.Json;
using System.Text.RegularExpressions;
using StarKV.Weights;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>The recorded action of a step.</summary>
/// <param name="Type"><c>action_type</c>.</param>
/// <param name="Pixel">Where, in pixels of the screen; null without a point.</param>
/// <param name="Content">Text, app name or goal status; empty for none.</param>
/// <param name="Direction">In which the content moves; empty for none.</param>
internal sealed record PhoneTruth(string Type, (double X, double Y)? Pixel, string Content, string Direction);

/// <summary>One step of the sample.</summary>
/// <param name="Episode">The episode's number.</param>
/// <param name="Goal">What the user wants.</param>
/// <param name="Instruction">What this step does.</param>
/// <param name="PreviousActions">The instructions of the steps before.</param>
/// <param name="Screenshot">Path below the folder of screenshots.</param>
/// <param name="StepIndex">The field of that name; null when absent, as in the public file.</param>
/// <param name="Truth">The recorded action.</param>
/// <param name="Tree">Nodes, depth first.</param>
internal sealed partial record AndroidControlRow(
    long Episode, string Goal, string Instruction, IReadOnlyList<string> PreviousActions, string Screenshot, int? StepIndex, PhoneTruth Truth, IReadOnlyList<ScreenNode> Tree)
{
    /// <value>The screenshot's number in the episode; 0 when the name has none.</value>
    public int ScreenshotNumber => Number().Match(Screenshot) is { Success: true } match && int.TryParse(match.Groups[1].Value, out var number) ? number : 0;

    /// <summary>Reads a row.</summary>
    /// <exception cref="StarKvException">A field is missing or holds something else.</exception>
    public static AndroidControlRow Of(JsonElement row, string where)
    {
        var fields = new JsonFields(row, where, "");
        var action = fields.Object("action") ?? throw fields.Error("action is missing.");
        return new(
            fields.WholeOrNull("episode_id", 0, long.MaxValue) ?? throw fields.Error("episode_id is missing."),
            fields.Text("goal") ?? throw fields.Error("goal is missing."),
            fields.Text("step_instruction") ?? "",
            [.. Find(row, "previous_actions") is { } previous ? previous.EnumerateArray().Select(p => p.GetString() ?? "") : []],
            fields.Text("screenshot") ?? throw fields.Error("screenshot is missing."),
            (int?)fields.WholeOrNull("step_index", 0, int.MaxValue),
            new PhoneTruth(
                action.Text("action_type") ?? throw fields.Error("action.action_type is missing."),
                action.Has("x") && action.Has("y") ? (action.Number("x", 0, -1e6, 1e6), action.Number("y", 0, -1e6, 1e6)) : null,
                action.Text("text") ?? action.Text("app_name") ?? action.Text("goal_status") ?? "",
                action.Text("direction") ?? ""),
            [.. Find(row, "accessibility_tree") is { } tree ? Nodes(tree) : []]);
    }

    private static IEnumerable<ScreenNode> Nodes(JsonElement tree) => tree.EnumerateArray().SelectMany(n => n.ValueKind is JsonValueKind.Array ? Nodes(n) : [Node(n)]);

    private static ScreenNode Node(JsonElement node)
    {
        var box = node.GetProperty("bbox_pixels");
        return new(Side("x_min"), Side("y_min"), Side("x_max"), Side("y_max"), Find(node, "text")?.ToString() ?? "", Find(node, "content_description")?.ToString() ?? "");

        double Side(string name) => box.GetProperty(name).GetDouble();
    }

    private static JsonElement? Find(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    [GeneratedRegex(@"screenshot_(\d+)\.")]
    private static partial Regex Number();
}
