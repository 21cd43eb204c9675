using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>Where a quoted value ends when the model forgot to escape the quotes inside it.</summary>
/// <remarks>
/// A quote can end the value only in front of a comma with the next argument's name, or of the closing parenthesis.
/// Among those, the first one wins that leaves the value's own parentheses balanced or ends the whole statement.
/// </remarks>
internal sealed partial class QuotedValues(string text)
{
    /// <summary>Finds the end of the value whose opening quote stands at <paramref name="open"/>.</summary>
    /// <returns>The index of the closing quote, the index to read on from, and whether there is a closing quote.</returns>
    public (int End, int Next, bool Closed) Find(int open)
    {
        var quote = text[open];
        var (depth, possible, escaped) = (0, -1, -1);
        for (var at = open + 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    if (at < text.Length && text[at] == quote) escaped = at;
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case var c when c == quote:
                    var ending = EndingAt(at + 1, balanced: depth <= 0);
                    if (ending is Ending.Sure) return (at, at + 1, true);
                    if (ending is Ending.Possible && possible < 0) possible = at;
                    break;
            }
        }

        if (possible >= 0) return (possible, possible + 1, true);
        // A path may end in a backslash that was meant literally: content='C:\'
        if (escaped >= 0 && EndingAt(escaped + 1, balanced: true) is Ending.Sure) return (escaped, escaped + 1, true);
        return Unclosed(open + 1);
    }

    private enum Ending
    {
        None,
        Possible,
        Sure,
    }

    private Ending EndingAt(int behind, bool balanced)
    {
        var next = behind;
        while (next < text.Length && char.IsWhiteSpace(text[next])) next++;
        if (next == text.Length) return Ending.Sure;
        if (text[next] == ')') return balanced || StatementEnds(next + 1) ? Ending.Sure : Ending.Possible;
        if (NextKey().Match(text, next) is { Success: true } key)
            return balanced || ActionVocabulary.IsArgument(key.Groups[1].Value) ? Ending.Sure : Ending.Possible;
        return text.AsSpan(behind, next - behind).Contains('\n') && AnswerText.StatementStarts(text, next) ? Ending.Sure : Ending.None;
    }

    private bool StatementEnds(int behind)
    {
        var next = AnswerText.SkipDecoration(text, behind);
        return next == text.Length
            || (text.AsSpan(behind, next - behind).Contains('\n') && AnswerText.StatementStarts(text, next));
    }

    /// <summary>Without a closing quote the value reaches to the next header, less a closing parenthesis.</summary>
    private (int End, int Next, bool Closed) Unclosed(int start)
    {
        var end = AnswerText.NextHeader(text, start);
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return end > start && text[end - 1] == ')' ? (end - 1, end - 1, false) : (end, end, false);
    }

    [GeneratedRegex(@"\G,\s*([A-Za-z_]\w*)\s*=")]
    private static partial Regex NextKey();
}
