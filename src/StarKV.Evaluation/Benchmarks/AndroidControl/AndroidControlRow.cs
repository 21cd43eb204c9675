using System.Text.Json;
using System.Text.RegularExpressions;
using StarKV.Files;

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
    long Episode,
    string Goal,
    string Instruction,
    IReadOnlyList<string> PreviousActions,
    string Screenshot,
    int? StepIndex,
    PhoneTruth Truth,
    IReadOnlyList<ScreenNode> Tree)
{
    /// <value>The screenshot's number in the episode; 0 when the name has none.</value>
    public int ScreenshotNumber =>
        Number().Match(Screenshot) is { Success: true } match && int.TryParse(match.Groups[1].Value, out var number) ? number : 0;

    /// <summary>Reads a row.</summary>
    /// <exception cref="StarKvException">A field is missing or holds something else.</exception>
    public static AndroidControlRow Of(JsonElement row)
    {
        var fields = JsonFields.OfRow(row);
        var action = fields.RequiredObject("action");
        return new(
            fields.WholeOrNull("episode_id", 0, long.MaxValue) ?? throw fields.Missing("episode_id"),
            fields.RequiredText("goal"),
            fields.Text("step_instruction") ?? "",
            fields.TextList("previous_actions"),
            fields.RequiredText("screenshot"),
            (int?)fields.WholeOrNull("step_index", 0, int.MaxValue),
            new PhoneTruth(
                action.RequiredText("action_type"),
                action.Has("x") && action.Has("y") ? (action.Number("x", 0, -1e6, 1e6), action.Number("y", 0, -1e6, 1e6)) : null,
                action.Text("text") ?? action.Text("app_name") ?? action.Text("goal_status") ?? "",
                action.Text("direction") ?? ""),
            [.. fields.Tree("accessibility_tree").Select(Node)]);
    }

    // Android gives nodes that were scrolled away boxes without an area; no point is in them.
    private static ScreenNode Node(JsonFields node)
    {
        var box = node.RequiredObject("bbox_pixels");
        return new(
            box.RequiredNumber("x_min"), box.RequiredNumber("y_min"), box.RequiredNumber("x_max"), box.RequiredNumber("y_max"),
            node.AsText("text") ?? "", node.AsText("content_description") ?? "");
    }

    [GeneratedRegex(@"screenshot_(\d+)\.", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
