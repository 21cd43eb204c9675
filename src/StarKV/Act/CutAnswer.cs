using System.Text.RegularExpressions;
using StarKV.Decode;

namespace StarKV.Act;

/// <summary>Answers that end inside a call. Half a number is another place on the screen, so such a call is not an action.</summary>
internal static partial class CutAnswer
{
    /// <summary>True when a call that is the last thing in an answer is not whole.</summary>
    /// <param name="call">The call as written, up to the answer's end.</param>
    /// <param name="isClosed">Whether its quotes and its parenthesis are closed.</param>
    /// <param name="finish">Why the answer ended; null when unknown.</param>
    /// <remarks>
    /// At the longest length every call that is not closed is cut. Else a
    /// model may have forgotten a quote or parenthesis, and the call is cut
    /// only when it ends with a number, which may have had further digits, or where a value has to follow.
    /// </remarks>
    public static bool Cuts(string call, bool isClosed, FinishReason? finish) =>
        !isClosed && (finish is FinishReason.Length || EndsEarly().IsMatch(call));

    /// <summary>The error of a cut call.</summary>
    public static ActionDiagnostic Error(string call, FinishReason? finish)
    {
        var remedy = finish is FinishReason.Length
            ? " It is as long as it may be; allow more tokens (MaxNewTokens, --max-new-tokens)."
            : "";
        var said = $"The answer ends inside the call \"{ActionPart.Shorten(call)}\", which is not an action.{remedy}";
        return ActionDiagnostic.Error(DiagnosticCodes.CutOff, said);
    }

    [GeneratedRegex(@"(?:[0-9]\.?|[-(,=\[]|[(,=\[]\s*['""])\s*\z", RegexOptions.RightToLeft, MatchLimit.Milliseconds)]
    private static partial Regex EndsEarly();
}
