using StarKV.Act;
using StarKV.Act.Compatibility;
using StarKV.Evaluation.Benchmarks.Reading;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>What an answer asks for.</summary>
/// <param name="Operation">Lower case, such as <c>click</c>; empty when nothing was read.</param>
/// <param name="Point">Where, in shares of the screenshot; null without a point.</param>
/// <param name="Direction">Of a scroll; else empty.</param>
/// <param name="Content">Text or option; empty for none.</param>
internal sealed record WebAction(string Operation, ScreenPoint? Point = null, string Direction = "", string Content = "")
{
    /// <value>Nothing was read.</value>
    public static WebAction None { get; } = new("");
}

/// <summary>Reads the first action of an answer.</summary>
internal static class WebAnswer
{
    private static readonly string[] s_clicks = ["click", "doubleClick", "rightClick", "tripleClick", "moveTo", "dragTo", "triple_click"];

    /// <summary>The action as the profile reads it; points are shares of a resized screenshot of this size in pixels.</summary>
    public static WebAction Of(BenchmarkOptions options, GroundingAnswer answer, double width, double height) => options switch
    {
        { Family: AnswerFamily.OpenCua, Profile: Profile.Strict } =>
            OfOpenCua(OpenCuaExtraction.Actions(StrictActions.WholeText(options.Family, answer), width, height)),
        { Family: AnswerFamily.OpenCua } => OfOpenCua(OpenCuaExtraction.Actions(answer.Text, width, height)),
        { Profile: Profile.GuiKv } => OfReleased(ReleasedParser.First(Profile.GuiKv, answer.Text, (int)width, (int)height)),
        _ => OfEngine(StrictActions.First(options.Family, answer)),
    };

    private static WebAction OfEngine(GuiAction? action) => action is null ? WebAction.None
        : new(
            action.Name is "left_double" or "right_single" or "long_press" ? "click" : action.Name,
            action.StartBox?.First,
            action.Direction ?? "",
            (action.Text ?? "").TrimEnd('\n'));

    // By place, not by name; a name that the program does not know is a failure there.
    private static WebAction OfReleased(CompatibilityRecord? action)
    {
        var inputs = action?.ActionInputs.Select(i => i.Text ?? "").ToList() ?? [];
        var point = inputs.Count > 0 && NumberList.Of(inputs[0]) is [var x, var y, ..] ? new ScreenPoint(x, y) : (ScreenPoint?)null;
        return (action?.ActionType, inputs) switch
        {
            ("click", _) when point is not null => new("click", point),
            ("scroll", [_, var direction, ..]) => new("scroll", point, direction),
            ("type", [var content, ..]) => new("type", Content: content),
            ("select", [_, var content, ..]) when point is not null => new("select", point, Content: content),
            _ => WebAction.None,
        };
    }

    private static WebAction OfOpenCua(IReadOnlyList<OpenCuaAction> actions) =>
        actions is not [var first, ..] ? WebAction.None : first.Kind switch
        {
            var kind when s_clicks.Contains(kind) => new("click", first.Point),
            "scroll" => new("scroll", Direction: first.Amount < 0 ? "down" : "up"),
            "write" => new("type", Content: first.Text ?? ""),
            // The program writes the list of keys as Python shows it.
            "press" => new("press", Content: $"[{string.Join(", ", (first.Keys ?? []).Select(k => $"'{k}'"))}]"),
            "terminate" => new("finished", Content: first.Text ?? ""),
            _ => WebAction.None,
        };
}
