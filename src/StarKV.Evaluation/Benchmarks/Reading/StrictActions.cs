using StarKV.Act;

namespace StarKV.Evaluation.Benchmarks.Reading;

/// <summary>The engine's own reading of an answer, for the profile <c>strict</c>. A call in which the answer breaks off is none.</summary>
internal static class StrictActions
{
    /// <summary>The first action; null when there is none.</summary>
    public static GuiAction? First(AnswerFamily family, GroundingAnswer answer) => Parse(family, answer).First;

    /// <summary>
    /// The answer's text up to the call in which it breaks off: readers of lines would take half a number for a whole one.
    /// </summary>
    public static string WholeText(AnswerFamily family, GroundingAnswer answer)
    {
        if (Parse(family, answer).Diagnostics.All(d => d.Code != DiagnosticCodes.CutOff))
            return answer.Text;
        int Last(string module) => answer.Text.LastIndexOf(module, StringComparison.Ordinal);
        return answer.Text[..Math.Max(Math.Max(Last("pyautogui."), Last("computer.")), 0)];
    }

    private static ParsedAnswer Parse(AnswerFamily family, GroundingAnswer answer)
    {
        // What numbers count is the question's matter where it says so, else the model's.
        var seen = answer.Coordinates;
        var counted = family.Grounding()?.Coordinates is { } convention
            ? CoordinateMapper.For(convention, seen.ScreenWidth, seen.ScreenHeight)
            : seen;
        return ActionParser.Parse(family.Language(), answer.Text, counted, answer.Finish);
    }
}
