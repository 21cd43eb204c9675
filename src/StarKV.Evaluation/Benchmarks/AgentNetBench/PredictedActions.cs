using StarKV.Act;
using StarKV.Evaluation.Benchmarks.Reading;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>Reads an answer's actions in the benchmark's language.</summary>
internal static class PredictedActions
{
    private static readonly string[] s_failureWords = ["unsuccess", "fail", "infeasible", "impossible", "cannot", "unable"];

    /// <summary>The actions as the profile reads them; empty when there are none.</summary>
    public static IReadOnlyList<OpenCuaAction> Of(BenchmarkOptions options, GroundingAnswer answer)
    {
        var (text, seen) = (answer.Text, answer.Coordinates);
        if (options.Family is AnswerFamily.UiTars)
        {
            return options.Profile is Profile.GuiKv or Profile.StarKv
                ? ReleasedParser.First(options.Profile, answer) is { } first ? UiTarsActions.Of(first.ActionType, first.ActionInputs) : []
                : StrictActions.First(options.Family, answer) is { } action ? OfEngine(action) : [];
        }

        if (options.Profile is Profile.Official)
            return OpenCuaOfficial.Actions(OpenCuaOfficial.ActionText(text, seen.ModelWidth, seen.ModelHeight));
        if (options.Profile is Profile.Strict)
            text = StrictActions.WholeText(options.Family, answer);
        var (actions, error) = OpenCuaExtraction.Read(OpenCuaExtraction.CodeLines(text) ?? "", seen.ModelWidth, seen.ModelHeight);
        // Where the extraction raises, the step counts 0 without a guess.
        return actions.Count == 0 && error is null && options.Profile is Profile.StarKv
            ? Rescued(OpenCuaRescue.Of(text, seen.ScreenWidth, seen.ScreenHeight))
            : actions;
    }

    // Ours: Ctrl stays Ctrl, one key is a press, and scrolls and drags begin where they happen.
    private static IReadOnlyList<OpenCuaAction> OfEngine(GuiAction action)
    {
        var (start, end) = (action.StartBox?.First, action.EndBox?.First);
        return action.Name switch
        {
            "click" or "long_press" => At("click", start),
            "left_double" => At("doubleClick", start),
            "right_single" => At("rightClick", start),
            "drag" => [.. At("moveTo", start), .. At("dragTo", end)],
            "scroll" => [.. At("moveTo", start), new("scroll") { Amount = action.Direction is "up" or "right" ? 5 : -5 }],
            "type" when action.Text is { } text =>
                text.EndsWith('\n')
                    ? [new("write") { Text = text[..^1] }, new("press") { Keys = ["enter"] }]
                    : [new("write") { Text = text }],
            "hotkey" when action.Keys.Count > 0 => [new(action.Keys.Count == 1 ? "press" : "hotkey") { Keys = action.Keys }],
            "press_back" => [new("press") { Keys = ["escape"] }],
            "finished" =>
                [
                    new("terminate")
                    {
                        Text = s_failureWords.Any(w => (action.Text ?? "").Contains(w, StringComparison.OrdinalIgnoreCase))
                            ? "failure"
                            : "success",
                    },
                ],
            _ => [],
        };
    }

    private static IReadOnlyList<OpenCuaAction> Rescued(OpenCuaRescue guess) => guess.Operation switch
    {
        "click" => At("click", guess.Point),
        "scroll" => [new("scroll") { Text = guess.Direction }],
        "type" when guess.Content.Length > 0 => [new("write") { Text = guess.Content }],
        "press_back" => [new("press") { Keys = ["back"] }],
        "wait" => [new("wait") { Text = "" }],
        _ => [],
    };

    private static IReadOnlyList<OpenCuaAction> At(string kind, ScreenPoint? point) => point is null ? [] : [new(kind) { Point = point }];
}
