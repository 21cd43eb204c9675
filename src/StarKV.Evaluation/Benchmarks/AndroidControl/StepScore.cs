namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>Everything that a step's score depends on.</summary>
/// <param name="Options">Profile and family.</param>
/// <param name="Row">The step.</param>
/// <param name="Action">What the model asks for.</param>
/// <param name="Screen">The sizes by which points are scored.</param>
/// <param name="Answer">The whole answer.</param>
internal sealed record StepCase(BenchmarkOptions Options, AndroidControlRow Row, PhoneAction Action, PhoneScreen Screen, string Answer)
{
    /// <value>The predicted pixel; null without a point.</value>
    public (double X, double Y)? Pixel => Action.Point is { } point ? Screen.Pixel(point) : null;

    /// <value>The smallest node under the predicted pixel; null for none.</value>
    public ScreenNode? Touched => Pixel is var (x, y) ? ScreenNode.At(Row.Tree, x, y) : null;

    /// <value>The smallest node under the true pixel; null for none.</value>
    public ScreenNode? Target => Row.Truth.Pixel is var (x, y) ? ScreenNode.At(Row.Tree, x, y) : null;

    /// <value>The action's name in the words of the recordings.</value>
    public string Operation => Action.Operation switch
    {
        "type" => "type_text",
        "press_back" => "navigate_back",
        "finished" => "status",
        var other => other,
    };
}

/// <summary>Whether a step is right. The rules common to all profiles; what differs is in the profile's file.</summary>
internal static class StepScore
{
    private static readonly string[] s_pointTypes = ["click", "long_press", "type_text"];

    /// <summary>True when truth and prediction both act on an element.</summary>
    public static bool IsGrounding(PhoneTruth truth) => s_pointTypes.Contains(truth.Type);

    /// <summary>Judges a step under its profile.</summary>
    public static bool IsRight(StepCase step) => step.Options.Profile switch
    {
        Profile.GuiKv => GuiKv(step),
        Profile.StarKv => StarKvScore.IsRight(step),
        Profile.Official => Official(step),
        _ => Strict(step),
    };

    /// <summary>True when both act on an element, so that only the element decides.</summary>
    public static bool BothPoint(StepCase step) => s_pointTypes.Contains(step.Operation) && IsGrounding(step.Row.Truth);

    /// <summary>True when a click opens the app by its label.</summary>
    public static bool ClicksApp(StepCase step) =>
        step is { Operation: "click", Row.Truth: { Type: "open_app", Content: { Length: > 0 } app } } && step.Touched is { } node
        && (node.Text.Contains(app, StringComparison.OrdinalIgnoreCase)
            || node.Description.Contains(app, StringComparison.OrdinalIgnoreCase));

    // GUI-KV: `type` never has a point there, so typing steps are never right; an app's name is not compared.
    private static bool GuiKv(StepCase step)
    {
        if (BothPoint(step))
            return HitsTarget(step);
        var truth = step.Row.Truth;
        return ClicksApp(step) || ClicksBack(step) || (step.Operation == truth.Type && truth.Type switch
        {
            "scroll" => step.Action.Direction == truth.Direction,
            "status" => step.Action.Content == truth.Content,
            _ => true,
        });
    }

    // The authors of the sample (UGround) compare every member of the true action.
    private static bool Official(StepCase step) => BothPoint(step) ? HitsTarget(step)
        : ClicksApp(step)
            || ClicksBack(step)
            || (step.Operation == step.Row.Truth.Type
                && step.Action.Direction == step.Row.Truth.Direction
                && step.Action.Content == step.Row.Truth.Content);

    // Ours: typed text needs no point, since the recordings merged the click before it into the step.
    private static bool Strict(StepCase step)
    {
        var truth = step.Row.Truth;
        if (step.Operation == "type_text" && truth.Type == "type_text")
            return step.Action.Content.TrimEnd('\n') == truth.Content.TrimEnd('\n');
        if (BothPoint(step))
            return HitsTarget(step);
        var name = step.Operation == "press_home" ? "navigate_home" : step.Operation;
        return ClicksApp(step) || ClicksBack(step) || (name == truth.Type && truth.Type switch
        {
            "scroll" => step.Action.Direction == truth.Direction,
            "status" => step.Action.Content == truth.Content,
            "open_app" => step.Action.Content.Trim().Equals(truth.Content.Trim(), StringComparison.OrdinalIgnoreCase),
            _ => true,
        });
    }

    private static bool HitsTarget(StepCase step) =>
        step.Operation == step.Row.Truth.Type && step.Target is { } target && step.Pixel is var (x, y) && target.Contains(x, y)
        && (step.Operation != "type_text" || step.Action.Content == step.Row.Truth.Content);

    private static bool ClicksBack(StepCase step) =>
        step is { Operation: "click", Row.Truth.Type: "navigate_back" }
            && step.Touched is { } node
            && node.Label.Contains("back", StringComparison.OrdinalIgnoreCase);
}
