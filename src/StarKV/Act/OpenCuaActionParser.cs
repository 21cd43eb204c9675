using System.Text.RegularExpressions;
using StarKV.Decode;

namespace StarKV.Act;

/// <summary>
/// Reads the answers of OpenCUA: prose, then pyautogui code. It reads calls, never runs them; it never throws on text and takes time in
/// proportion to its length. What it cannot read is in the diagnostics, and prose without a call gives no action.
/// </summary>
/// <remarks>
/// Actions have the names of UI-TARS: <c>doubleClick</c> is <c>left_double</c>, <c>write</c> is <c>type</c>, a key pressed and released is
/// <c>hotkey</c>, <c>mouseDown</c> to <c>mouseUp</c> is a <c>drag</c>. Arguments are read as Python's literals; one that is none, such as a
/// variable, is an error. For the exact behaviour of the evaluation programs see <c>StarKV.Evaluation.Released</c>.
/// </remarks>
public static partial class OpenCuaActionParser
{
    /// <summary>Reads an answer whose numbers are pixels of the resized screenshot, or shares: at most 1, with a decimal point.</summary>
    /// <param name="answer">The text the model wrote.</param>
    /// <param name="coordinates">From the model's pixels to the screen.</param>
    /// <param name="finish">
    /// Why the answer ended; null (default) when unknown. At <see cref="FinishReason.Length"/> a call that is not closed is not an action.
    /// </param>
    public static ParsedAnswer Parse(string answer, CoordinateMapper coordinates, FinishReason? finish = null)
    {
        try
        {
            return Read(answer, coordinates, finish);
        }
        catch (Exception e) when (e is TangledTextException or RegexMatchTimeoutException)
        {
            return new([], [ActionDiagnostic.Tangled(answer)]);
        }
    }

    private static ParsedAnswer Read(string answer, CoordinateMapper coordinates, FinishReason? finish)
    {
        var text = AnswerText.Clean(answer, out var hasEndMark);
        var (diagnostics, actions) = (new List<ActionDiagnostic>(), new List<GuiAction>());
        var thought = Thought().Match(text) is { Success: true } section ? section.Groups[1].Value.Trim() : null;
        var builder = new OpenCuaActionBuilder(coordinates, diagnostics);
        var code = Code(text);
        foreach (var call in Calls(code))
        {
            var source = code[call.Start..call.End];
            if (!hasEndMark && text.EndsWith(source, StringComparison.Ordinal) && CutAnswer.Cuts(source, call.IsClosed, finish))
            {
                diagnostics.Add(CutAnswer.Error(source, finish));
                break;
            }

            diagnostics.AddRange(call.Findings);
            if (builder.Build(call) is { } action)
            {
                var arguments = call.Arguments.Select(a => new ActionArgument(a.Name, a.Value.Raw, a.Value.Value)).ToList();
                actions.Add(action with { Source = source, Arguments = arguments, Thought = thought });
            }
        }

        builder.End();
        if (finish is FinishReason.Length && !hasEndMark && CutName().Match(text) is { Success: true } name)
            diagnostics.Add(CutAnswer.Error(name.Value, finish));
        if (actions.Count == 0)
            diagnostics.Add(NoAction(text));
        return new(actions, diagnostics) { Thought = thought };
    }

    private static ActionDiagnostic NoAction(string text) =>
        ActionDiagnostic.Error(DiagnosticCodes.NoAction, $"No pyautogui or computer call in the answer \"{ActionPart.Shorten(text)}\".");

    /// <summary>The fenced blocks that hold calls; without any, the whole answer.</summary>
    private static string Code(string text)
    {
        var blocks = Fence().Matches(text).Select(m => m.Groups[1].Value).Where(block => CallStart().IsMatch(block)).ToList();
        return blocks.Count > 0 ? string.Join('\n', blocks) : text;
    }

    private static IEnumerable<OpenCuaCall> Calls(string code)
    {
        var budget = ReadingBudget.For(code.Length);
        var end = 0;
        foreach (var start in CommentOrCallStart().Matches(code).Where(m => !m.Groups["comment"].Success))
        {
            // What is inside a call, in a text to be written, is not a call.
            if (start.Index < end || OpenCuaCall.Read(code, start.Index, budget) is not { } call)
                continue;
            end = call.End;
            yield return call;
        }
    }

    private const string Start = @"(?<![\w.])(?:pyautogui|computer|time)\.\w+\s*\(";

    [GeneratedRegex(Start, RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex CallStart();

    // A line that is a comment holds no calls; a # later in a line may be part of a text.
    [GeneratedRegex($@"(?<comment>^[^\S\n]*#(?!#).*)|{Start}", RegexOptions.Multiline, MatchLimit.Milliseconds)]
    private static partial Regex CommentOrCallStart();

    [GeneratedRegex(@"```(?:[a-z]*\n| *python )?(.*?)(?:```|\z)", RegexOptions.Singleline, MatchLimit.Milliseconds)]
    private static partial Regex Fence();

    // A call whose parenthesis is still to come.
    [GeneratedRegex(@"(?<![\w.])(?:pyautogui|computer)\.\w*\z", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex CutName();

    [GeneratedRegex(@"(?:^|\n)#*\s*Thought:\s*(.*?)(?:\n#|\nAction:|\n```|\z)", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Thought();
}
