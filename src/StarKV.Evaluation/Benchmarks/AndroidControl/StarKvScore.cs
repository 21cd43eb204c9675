namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>STaR-KV's rules: GUI-KV's with much forgiven. They raise the numbers; they are not comparable with other papers.</summary>
internal static class StarKvScore
{
    /// <summary>Judges a step.</summary>
    public static bool IsRight(StepCase step)
    {
        var truth = step.Row.Truth;
        if (StepScore.BothPoint(step))
            return OnElement(step);
        if (step.Operation == "click" && truth.Type == "open_app")
            return OpensApp(step);
        if (step.Operation == "click" && truth.Type == "navigate_back")
            return GoesBack(step);
        return step.Operation == truth.Type && truth.Type switch
        {
            "scroll" => LenientRules.SameAxis(truth.Direction, LenientRules.DirectionSource(step.Action.Direction, step.Answer)),
            "status" => step.Action.Content == truth.Content,
            _ => true,
        };
    }

    // A click counts as a long press, and a long press as a click.
    private static bool OnElement(StepCase step)
    {
        var truth = step.Row.Truth;
        var types = truth.Type == "type_text";
        if (types != (step.Operation == "type_text"))
            return false;
        // OpenCUA is compared to the letter and to the pixel, with the prompts that the program takes by default.
        var exact = step.Options.Family is AnswerFamily.OpenCua;
        if (types && !(exact ? step.Action.Content == truth.Content : LenientTyping.Matches(step.Action.Content, truth.Content)))
            return false;
        if (truth.Pixel is not var (trueX, trueY))
            return types;
        if (step.Pixel is not var (x, y))
            return false;
        var hits = step.Target is { } node
            && (exact ? node.Contains(x, y) : LenientRules.InSoftBox(node, x, y, step.Screen.Width, step.Screen.Height));
        return hits || LenientRules.NearPoint(step.Action.Point!.Value, trueX, trueY, step.Screen.Width, step.Screen.Height);
    }

    private static bool OpensApp(StepCase step)
    {
        var (row, app) = (step.Row, step.Row.Truth.Content);
        return StepScore.ClicksApp(step)
            || (step.Touched is { } node && (LenientRules.AppInLabel(app, node) || LenientRules.AppInCompactLabel(app, node)))
            || (step.Action.Point is { } point
                && LenientRules.OpensNamedApp(app, $"{row.Goal} {row.Instruction} {string.Join(' ', row.PreviousActions)}", point));
    }

    private static bool GoesBack(StepCase step) => (step.Touched is { } node && LenientRules.IsBackLabel(node))
        || (step.Action.Point is { } point
            && (LenientRules.IsBackInToolbar(point) || (step.Touched is null && LenientRules.IsBackWithoutNode(point))));
}
