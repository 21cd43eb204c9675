using System.Globalization;
using StarKV.Act;
using StarKV.Evaluation.Benchmarks.Reading;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>Reads the first action of an answer.</summary>
internal static class PhoneAnswer
{
    private static readonly string[] s_clicks = ["click", "doubleClick", "rightClick", "tripleClick", "moveTo", "dragTo", "triple_click"];

    /// <summary>The action as the profile reads it; <see cref="PhoneAction.None"/> when there is none.</summary>
    public static PhoneAction Of(BenchmarkOptions options, GroundingAnswer answer, PhoneScreen screen) => options switch
    {
        { Profile: Profile.Strict or Profile.Official } => OfEngine(StrictActions.First(options.Family, answer)),
        { Family: AnswerFamily.OpenCua } => OfOpenCua(options.Profile, answer, screen),
        _ =>
            OfReleased(ReleasedParser.First(options.Profile, answer.Text, screen.ModelWidth, screen.ModelHeight))
                ?? (options.Profile is Profile.StarKv ? UiTarsRescue.Of(answer.Text, screen.Width, screen.Height) : PhoneAction.None),
    };

    private static PhoneAction OfEngine(GuiAction? action) => action is null ? PhoneAction.None : new(
        action.Name,
        action.StartBox?.First,
        action.Direction ?? "",
        action.Name == "finished" ? GoalStatus.Of(action.Text ?? "") : action.Text ?? "");

    // Null where the programs fail: no action, or a click without a point.
    private static PhoneAction? OfReleased(CompatibilityRecord? action)
    {
        switch (action?.ActionType)
        {
            case null or "":
                return null;
            case "click" or "long_press":
                return action.ActionInputs is [{ Text: { } text }, ..] && NumberList.Of(text) is [var x, var y, ..]
                    ? new(action.ActionType, new ScreenPoint(x, y))
                    : null;
            case "finished":
                return new("finished", Content: GoalStatus.Of(Input("content")));
            default:
                return new(action.ActionType, Direction: Input("direction"), Content: Input("content"));
        }

        string Input(string name) => action.ActionInputs.FirstOrDefault(i => i.Name == name)?.Text ?? "";
    }

    private static PhoneAction OfOpenCua(Profile profile, GroundingAnswer answer, PhoneScreen screen)
    {
        var (actions, error) = OpenCuaExtraction.Read(answer.Text, screen.ModelWidth, screen.ModelHeight);
        // Where the extraction raises, STaR-KV's program falls back on the rescue that it has for UI-TARS.
        if (error is not null)
            return profile is Profile.StarKv ? UiTarsRescue.Of(answer.Text, screen.Width, screen.Height) : PhoneAction.None;
        if (actions is not [var first, ..])
        {
            if (profile is not Profile.StarKv)
                return PhoneAction.None;
            var guess = OpenCuaRescue.Of(answer.Text, screen.Width, screen.Height);
            return new(guess.Operation, guess.Point, guess.Direction, guess.Content);
        }

        return first.Kind switch
        {
            var kind when s_clicks.Contains(kind) => new("click", first.Point),
            "scroll" => new("scroll", Direction: first.Amount?.ToString(CultureInfo.InvariantCulture) ?? ""),
            "write" => new("type", Content: first.Text ?? ""),
            "press" => new("press", Content: string.Join(' ', first.Keys ?? [])),
            "terminate" => new("finished", Content: GoalStatus.Of(first.Text ?? "")),
            _ => PhoneAction.None,
        };
    }
}
