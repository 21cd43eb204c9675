using System.Text.RegularExpressions;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Act;

/// <summary>
/// Reads the answers of UI-TARS and of models with its action language, forgiving what models get wrong. It never throws on
/// text, takes time in proportion to its length, and never executes anything; what was unusual is in the diagnostics.
/// </summary>
/// <param name="convention">What the numbers count; default pixels of the resized image.</param>
/// <param name="limits">How the model's screenshots are resized; default <see cref="SmartResize.Default"/>.</param>
/// <remarks>For the exact behaviour of other programs see <c>StarKV.Evaluation.Released</c>.</remarks>
public sealed class UiTarsActionParser(CoordinateConvention convention = CoordinateConvention.ModelPixels, SmartResize? limits = null)
{
    /// <summary>Reads an answer about a screenshot of the given size.</summary>
    /// <param name="answer">The text the model wrote, with or without special tokens.</param>
    /// <param name="screenWidth">Width of the original screenshot in pixels.</param>
    /// <param name="screenHeight">Height of the original screenshot in pixels.</param>
    /// <param name="finish">
    /// Why the answer ended; null (default) when unknown. At <see cref="FinishReason.Length"/> a call that is not closed is not an action.
    /// </param>
    /// <returns>
    /// The actions with relative points; without points, and <c>bad-image-size</c>, for a screenshot that no model size fits.
    /// </returns>
    public ParsedAnswer Parse(string answer, int screenWidth, int screenHeight, FinishReason? finish = null)
    {
        try
        {
            return Parse(answer, CoordinateMapper.For(convention, screenWidth, screenHeight, limits), finish);
        }
        catch (StarKvException unfit)
        {
            return Read(answer, null, finish, [ActionDiagnostic.Error(DiagnosticCodes.BadImageSize, unfit.Message)]);
        }
    }

    /// <summary>Reads an answer whose numbers <paramref name="coordinates"/> understands.</summary>
    /// <param name="answer">The text the model wrote, with or without special tokens.</param>
    /// <param name="coordinates">From the model's numbers to the screen.</param>
    /// <param name="finish">
    /// Why the answer ended; null (default) when unknown. At <see cref="FinishReason.Length"/> a call that is not closed is not an action.
    /// </param>
    public static ParsedAnswer Parse(string answer, CoordinateMapper coordinates, FinishReason? finish = null) =>
        Read(answer, coordinates, finish, []);

    private static ParsedAnswer Read(string answer, CoordinateMapper? coordinates, FinishReason? finish, List<ActionDiagnostic> diagnostics)
    {
        try
        {
            return Actions(answer, coordinates, finish, diagnostics);
        }
        catch (Exception e) when (e is TangledTextException or RegexMatchTimeoutException)
        {
            return new([], [ActionDiagnostic.Tangled(answer)]);
        }
    }

    private static ParsedAnswer Actions(
        string answer, CoordinateMapper? coordinates, FinishReason? finish, List<ActionDiagnostic> diagnostics)
    {
        var text = AnswerText.Clean(answer, out var hasEndMark);
        var part = ActionPart.Find(text);
        var (reflection, thought) = AnswerText.ReadHeader(part?.Header ?? text);
        if (part is null)
        {
            diagnostics.Add(
                ActionDiagnostic.Error(DiagnosticCodes.NoAction, $"No action call in the answer \"{ActionPart.Shorten(text)}\"."));
            return new([], diagnostics) { Reflection = reflection, Thought = thought };
        }

        diagnostics.AddRange(part.Findings);
        var builder = new ActionBuilder(coordinates, diagnostics);
        var (last, end) = (part.Calls[^1], text[part.Calls[^1].Start..]);
        var isCut = !hasEndMark && last.End == text.Length && CutAnswer.Cuts(end, last.IsClosed, finish);
        var actions = part.Calls
            .Take(part.Calls.Count - (isCut ? 1 : 0))
            .Select(call => builder.Build(call) with { Source = text[call.Start..call.End], Reflection = reflection, Thought = thought })
            .ToArray();
        if (isCut) diagnostics.Add(CutAnswer.Error(end, finish));
        return new(actions, diagnostics) { Reflection = reflection, Thought = thought };
    }
}
