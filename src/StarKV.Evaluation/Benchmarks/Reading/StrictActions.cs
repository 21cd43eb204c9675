using StarKV.Act;

namespace StarKV.Evaluation.Benchmarks.Reading;

/// <summary>The engine's own reading of an answer, for the profile <c>strict</c>. A call in which the answer breaks off is none.</summary>
internal static class StrictActions
{
    /// <summary>The first action; null when there is none.</summary>
    public static GuiAction? First(ModelFamily family, GroundingAnswer answer) => Parse(family, answer).First;

    /// <summary>The answer's text up to the call in which it breaks off, for programs that read lines and would take half a number for a whole one.</summary>
    public static string WholeText(ModelFamily family, GroundingAnswer answer)
    {
        if (Parse(family, answer).Diagnostics.All(d => d.Code != DiagnosticCodes.CutOff))
            return answer.Text;
        var start = Math.Max(answer.Text.LastIndexOf("pyautogui.", StringComparison.Ordinal), answer.Text.LastIndexOf("computer.", StringComparison.Ordinal));
        return answer.Text[..Math.Max(start, 0)];
    }

    private static ParsedAnswer Parse(ModelFamily family, GroundingAnswer answer) =>
        ActionParser.Parse(family is ModelFamily.OpenCua ? ActionLanguage.OpenCua : ActionLanguage.UiTars, answer.Text, answer.Coordinates, answer.Finish);
}
