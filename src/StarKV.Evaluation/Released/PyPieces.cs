using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>How the Python parsers prepare and cut an answer.</summary>
internal static partial class PyPieces
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.Singleline;

    /// <summary>Brings the newer argument names to the older ones, inside typed text too.</summary>
    public static string RenamePoints(string text) => text
        .Replace("start_point=", "start_box=", StringComparison.Ordinal)
        .Replace("end_point=", "end_box=", StringComparison.Ordinal)
        .Replace("point=", "start_box=", StringComparison.Ordinal);

    /// <summary>
    /// Writes what <paramref name="point"/> matches as a point in parentheses, its numbers made whole by <paramref name="whole"/>.
    /// </summary>
    /// <remarks>The end mark goes only when there is a point tag.</remarks>
    public static string WithoutPointTags(string text, Regex point, Func<string, string> whole)
    {
        if (!text.Contains("<point>", StringComparison.Ordinal)) return text;
        var bare = text.Replace("[EOS]", "", StringComparison.Ordinal);
        return PyText.Strip(point.Replace(bare, m => $"({whole(m.Groups[1].Value)},{whole(m.Groups[2].Value)})"));
    }

    /// <summary>Reflection and thought; each needs exactly one blank behind its label.</summary>
    public static (string? Reflection, string? Thought) ReadHeader(string text)
    {
        if (text.StartsWith("Reflection:", StringComparison.Ordinal))
        {
            var both = Reflection().Match(text);
            return both.Success ? (PyText.Strip(both.Groups[1].Value), PyText.Strip(both.Groups[2].Value)) : default;
        }

        var match = (text.StartsWith("Action_Summary:", StringComparison.Ordinal) ? Summary() : Thought()).Match(text);
        return match.Success ? (null, PyText.Strip(match.Groups[1].Value)) : default;
    }

    /// <summary>The calls of an action text, each with a closing parenthesis and, when it types, escaped apostrophes.</summary>
    /// <exception cref="PythonException">ValueError when a typed text is not on one line between apostrophes.</exception>
    public static IReadOnlyList<string> Split(string actionText) => [.. actionText.Split(")\n\n").Select(Repair)];

    /// <summary>The pieces of an action text as they stand, without blanks around them and without empty ones.</summary>
    public static IEnumerable<string> Cut(string actionText) => actionText.Split(")\n\n").Select(PyText.Strip).Where(piece => piece != "");

    /// <summary>One call of <see cref="Split"/>.</summary>
    /// <exception cref="PythonException">ValueError when a typed text is not on one line between apostrophes.</exception>
    public static string Repair(string piece)
    {
        if (piece.Contains("type(content", StringComparison.Ordinal))
        {
            piece = Closed(piece);
            if (!TypedContent().IsMatch(piece))
                throw PythonException.ValueError($"No type(content='…') on one line in '{piece}'.");
            // Text around the call ends up in the content as well.
            var content = TypedContent().Replace(piece, "$1");
            piece = $"type(content='{LooseApostrophe().Replace(content, @"\'")}')";
        }

        return Closed(piece);
    }

    private static string Closed(string piece) =>
        PyText.Strip(piece) is var stripped && stripped.EndsWith(')') ? piece : stripped + ")";

    [GeneratedRegex(@"Thought: (.+?)(?:\s*Action: |$)", Linear, MatchLimit.Milliseconds)]
    private static partial Regex Thought();

    [GeneratedRegex(@"Reflection: (.+?)Action_Summary: (.+?)(?:\s*Action: |$)", Linear, MatchLimit.Milliseconds)]
    private static partial Regex Reflection();

    [GeneratedRegex(@"Action_Summary: (.+?)(?:\s*Action: |$)", Linear, MatchLimit.Milliseconds)]
    private static partial Regex Summary();

    [GeneratedRegex(@"type\(content='(.*?)'\)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex TypedContent();

    [GeneratedRegex(@"(?<!\\)'", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex LooseApostrophe();
}
