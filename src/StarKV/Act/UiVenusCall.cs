using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>One call of UI-Venus as written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments with their names, in order.</param>
/// <param name="Source">The call's characters.</param>
/// <param name="IsClosed">Whether its quotes and its parenthesis are closed.</param>
/// <param name="Rest">What comes after it.</param>
internal sealed partial record UiVenusCall(
    string Name, IReadOnlyList<ActionArgument> Arguments, string Source, bool IsClosed, string Rest)
{
    /// <summary>Reads the call that a text begins with; never fails, for what is missing the call is not closed.</summary>
    /// <param name="text">The text, a name and its parenthesis first, without blanks at its end.</param>
    public static UiVenusCall Read(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var (name, arguments, at) = (text[..open].TrimEnd(), new List<ActionArgument>(), open + 1);
        while (Key().Match(text, at) is { Success: true } key)
        {
            at = key.Index + key.Length;
            if (at < text.Length && text[at] is '\'' or '"')
            {
                var end = EndOfText(text, at);
                if (end < 0) return new(name, arguments, text, false, "");
                var typed = text[(at + 1)..end];
                arguments.Add(new ActionArgument(key.Groups[1].Value, typed, typed) { IsQuoted = true });
                at = end + 1;
                continue;
            }

            var value = Value().Match(text, at);
            arguments.Add(new ActionArgument(key.Groups[1].Value, value.Value.TrimEnd(), value.Value.TrimEnd()));
            at += value.Length;
        }

        var isClosed = End().IsMatch(text, at);
        at = isClosed ? text.IndexOf(')', at) + 1 : text.Length;
        return new(name, arguments, text[..at], isClosed, text[at..].Trim());
    }

    /// <summary>
    /// Where a quoted text ends: at a quote before the next argument, or before the call's last parenthesis; -1 when it does not.
    /// </summary>
    private static int EndOfText(string text, int open)
    {
        foreach (var next in Next().EnumerateMatches(text, open + 1))
        {
            if (text[next.Index] == text[open]) return next.Index;
        }

        // The last quote before a parenthesis: nearer ones belong to the text.
        for (var at = text.Length - 1; at > open; at--)
        {
            if (text[at] == text[open] && Closing().IsMatch(text, at + 1)) return at;
        }

        return -1;
    }

    [GeneratedRegex(@"\G[\s,]*([A-Za-z]\w*)\s*=\s*", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Key();

    // A quote, a comma and the name of an argument.
    [GeneratedRegex(@"['""]\s*,\s*(?:app|url|box|start|end|content|direction|keys)\s*=", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Next();

    [GeneratedRegex(@"\G\s*\)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Closing();

    // A point, a list, or a word.
    [GeneratedRegex(@"\G(?:\([^()]*\)|\[[^\[\]]*\]|[^,()\[\]]*)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Value();

    [GeneratedRegex(@"\G[\s,]*\)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex End();
}
