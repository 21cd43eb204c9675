using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>The way into a parser that throws on no text.</summary>
internal static class GuardedParser
{
    /// <summary>Reads an answer; one that is too tangled is an error of its own.</summary>
    /// <param name="answer">The text the model wrote.</param>
    /// <param name="coordinates">From the model's numbers to the screen.</param>
    /// <param name="read">The parser.</param>
    public static ParsedAnswer Parse(string answer, CoordinateMapper coordinates, Func<ParsedAnswer> read)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(coordinates);
        try
        {
            return read();
        }
        catch (Exception e) when (e is TangledTextException or RegexMatchTimeoutException)
        {
            return new([], [ActionDiagnostic.Tangled(answer)]);
        }
    }
}
