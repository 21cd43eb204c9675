using System.Text.RegularExpressions;
using StarKV.Decode;

namespace StarKV.Act;

/// <summary>
/// Reads the answers of UI-Venus-1.5's navigation: one call such as <c>Click(box=(12,34))</c> between <c>&lt;action&gt;</c> and its end
/// tag. It never throws on text, takes time in proportion to its length, never executes anything and never guesses.
/// </summary>
/// <remarks>
/// Actions have the names of UI-TARS where it has them: <c>LongPress</c> is <c>long_press</c>, <c>Launch</c> <c>open_app</c>;
/// <see cref="GuiAction.WrittenName"/> has the model's own. Typed text is taken as written, without escapes, as in the published programs.
/// </remarks>
public static partial class UiVenusParser
{
    private const string Open = "<action>", Close = "</action>";

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">The text the model wrote.</param>
    /// <param name="coordinates">From the model's numbers, thousandths, to the screen.</param>
    /// <param name="finish">Why the answer ended; null (default) when unknown. A call that the answer's end cuts is not an action.</param>
    public static ParsedAnswer Parse(string answer, CoordinateMapper coordinates, FinishReason? finish = null) =>
        GuardedParser.Parse(answer, coordinates, () => Read(answer, coordinates, finish));

    private static ParsedAnswer Read(string answer, CoordinateMapper coordinates, FinishReason? finish)
    {
        var (thought, text) = Thinking.Of(answer, ReadingBudget.For(answer.Length), hasActionTag: true);
        var diagnostics = new List<ActionDiagnostic>();
        var open = text.IndexOf(Open, StringComparison.Ordinal);
        var close = open < 0 ? -1 : text.IndexOf(Close, open, StringComparison.Ordinal);
        var content = open < 0
            ? text[..AnswerText.EndOfContent(text)]
            : text[(open + Open.Length)..(close < 0 ? text.Length : close)];
        var start = open < 0 ? FirstCall().Match(content) : AnyCall().Match(content);
        if (!start.Success)
        {
            diagnostics.Add(ActionDiagnostic.Error(
                DiagnosticCodes.NoAction, $"No action call in the answer \"{ActionPart.Shorten(answer)}\"."));
            return new([], diagnostics) { Thought = thought };
        }

        if (open < 0)
            diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.NoActionTag, $"The call stands without {Open}."));
        var call = UiVenusCall.Read(content[start.Groups["call"].Index..].TrimEnd());
        // Its end tag, or text after it, says that a call is not cut.
        var isCut = !call.IsClosed && close < 0;
        if (isCut) diagnostics.Add(CutAnswer.Error(call.Source, finish));
        var action = isCut ? null : new UiVenusBuilder(coordinates, diagnostics).Build(call);
        return new(action is null ? [] : [action with { Thought = thought }], diagnostics) { Thought = thought };
    }

    [GeneratedRegex(@"\A\s*(?<call>[A-Za-z]\w*[ \t]*\()", RegexOptions.NonBacktracking)]
    private static partial Regex AnyCall();

    // Prose may have words before brackets; without its tag a call begins a line and has a known name.
    [GeneratedRegex(
        @"^[ \t]*(?<call>(?:Click|DoubleClick|LongPress|Hover|Drag|Scroll|Type|Finished|CallUser|Launch|Hotkey|Wait|Press[A-Z][a-z]+)\()",
        RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex FirstCall();
}
