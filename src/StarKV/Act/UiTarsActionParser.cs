using StarKV.Input;

namespace StarKV.Act;

/// <summary>
/// Reads the answers of UI-TARS and of models with its action language, forgiving what models get wrong. It never throws on
/// text and never executes anything; what was unusual is in the diagnostics.
/// </summary>
/// <param name="convention">What the numbers count; default pixels of the resized image.</param>
/// <param name="limits">How the model's screenshots are resized; default <see cref="SmartResize.Default"/>.</param>
/// <remarks>For the exact behaviour of other programs see <see cref="Compatibility"/>.</remarks>
public sealed class UiTarsActionParser(CoordinateConvention convention = CoordinateConvention.ModelPixels, SmartResize? limits = null)
{
    /// <summary>Reads an answer about a screenshot of the given size.</summary>
    /// <param name="answer">The text the model wrote, with or without special tokens.</param>
    /// <param name="screenWidth">Width of the original screenshot in pixels.</param>
    /// <param name="screenHeight">Height of the original screenshot in pixels.</param>
    /// <returns>The actions with relative points; without points, and <c>bad-image-size</c>, for a screenshot that no model size fits.</returns>
    public ParsedAnswer Parse(string answer, int screenWidth, int screenHeight)
    {
        try
        {
            return Parse(answer, CoordinateMapper.For(convention, screenWidth, screenHeight, limits));
        }
        catch (StarKvException unfit)
        {
            return Read(answer, null, [ActionDiagnostic.Error(DiagnosticCodes.BadImageSize, unfit.Message)]);
        }
    }

    /// <summary>Reads an answer whose numbers <paramref name="coordinates"/> understands.</summary>
    public static ParsedAnswer Parse(string answer, CoordinateMapper coordinates) => Read(answer, coordinates, []);

    private static ParsedAnswer Read(string answer, CoordinateMapper? coordinates, List<ActionDiagnostic> diagnostics)
    {
        var text = AnswerText.Clean(answer);
        var part = ActionPart.Find(text);
        var (reflection, thought) = AnswerText.ReadHeader(part?.Header ?? text);
        if (part is null)
        {
            diagnostics.Add(ActionDiagnostic.Error(DiagnosticCodes.NoAction, $"No action call in the answer \"{ActionPart.Shorten(text)}\"."));
            return new([], diagnostics) { Reflection = reflection, Thought = thought };
        }

        diagnostics.AddRange(part.Findings);
        var builder = new ActionBuilder(coordinates, diagnostics);
        var actions = part.Calls
            .Select(call => builder.Build(call) with { Source = text[call.Start..call.End], Reflection = reflection, Thought = thought })
            .ToArray();
        return new(actions, diagnostics) { Reflection = reflection, Thought = thought };
    }
}
