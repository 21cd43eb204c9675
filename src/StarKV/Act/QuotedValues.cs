using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>How a quoted value ends.</summary>
internal enum Closing
{
    /// <summary>With the quote that it began with.</summary>
    Same,

    /// <summary>With a quote of another kind.</summary>
    Odd,

    /// <summary>Without a quote.</summary>
    Missing,
}

/// <summary>Where a quoted value ends when the model forgot to escape the quotes inside it, or closed it with another kind.</summary>
/// <remarks>
/// A quote can end the value only in front of a comma with the next argument's name, or of the closing parenthesis.
/// Among those, the first one wins that leaves the value's own parentheses balanced or ends the whole statement. Another kind of quote ends it
/// only where it is the second of no pair, and the statement or the next argument's name follows. A value without a name may also be
/// followed by the next one's quote: there it ends with a quote that is the second of no pair.
/// </remarks>
internal sealed partial class QuotedValues(string text, ReadingBudget budget)
{
    /// <summary>Finds the end of the value whose opening quote is at <paramref name="open"/>.</summary>
    /// <param name="open">Index of the opening quote.</param>
    /// <param name="isNamed">Whether the value has a name (default), so that the next one has one too.</param>
    /// <returns>The index of the closing quote, the index to read on from, and how the value ends.</returns>
    /// <exception cref="TangledTextException">The budget is spent.</exception>
    public (int End, int Next, Closing Closing) Find(int open, bool isNamed = true)
    {
        var found = Scan(open, isNamed, out var last);
        budget.Spend(last - open);
        return found;
    }

    private (int End, int Next, Closing Closing) Scan(int open, bool isNamed, out int at)
    {
        var quote = text[open];
        var (depth, possible, escaped, others) = (0, -1, -1, 0);
        var isSecond = false;
        for (at = open + 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    if (at < text.Length && Closes(quote, text[at])) escaped = at;
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case var c when Closes(quote, c):
                    var ending = EndingAt(at + 1, balanced: depth <= 0);
                    if (ending is Ending.Sure) return (at, at + 1, Closing.Same);
                    if (!isNamed && !isSecond && depth <= 0 && NextQuote().IsMatch(text, at + 1)) return (at, at + 1, Closing.Same);
                    isSecond ^= !IsInsideWord(at);
                    if (ending is Ending.Possible && possible < 0) possible = at;
                    break;
                case var c when Quotes.Contains(c, StringComparison.Ordinal) && !IsInsideWord(at):
                    others++;
                    if (others % 2 == 1 && EndsOddly(at + 1)) return (at, at + 1, Closing.Odd);
                    break;
            }
        }

        if (possible >= 0) return (possible, possible + 1, Closing.Same);
        // A path may end in a backslash that was meant literally: content='C:\'
        if (escaped >= 0 && EndingAt(escaped + 1, balanced: true) is Ending.Sure) return (escaped, escaped + 1, Closing.Same);
        return Unclosed(open + 1);
    }

    private const string Quotes = "'\"‘’“”";

    /// <summary>True for a quote that a value may begin with.</summary>
    public static bool IsOpening(char c) => Quotes.Contains(c, StringComparison.Ordinal);

    /// <summary>True for the quotes that belong to an opening one.</summary>
    private static bool Closes(char open, char c) => open switch
    {
        '“' or '”' => c is '“' or '”' or '"',
        '‘' or '’' => c is '‘' or '’' or '\'',
        _ => c == open,
    };

    private bool IsInsideWord(int at) => at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);

    private bool EndsOddly(int behind)
    {
        var next = behind;
        while (next < text.Length && char.IsWhiteSpace(text[next])) next++;
        if (next == text.Length) return false;
        if (text[next] == ')') return StatementEnds(next + 1);
        if (AfterLastComma().Match(text, next) is { Success: true } comma) return StatementEnds(next + comma.Length);
        return NextKey().Match(text, next) is { Success: true } key && ActionVocabulary.IsArgument(key.Groups[1].Value);
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
        if (AfterLastComma().Match(text, next) is { Success: true } comma)
            return StatementEnds(next + comma.Length) ? Ending.Sure : Ending.Possible;
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
    private (int End, int Next, Closing Closing) Unclosed(int start)
    {
        var end = AnswerText.NextHeader(text, start);
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return end > start && text[end - 1] == ')' ? (end - 1, end - 1, Closing.Missing) : (end, end, Closing.Missing);
    }

    [GeneratedRegex(@"\G,\s*([A-Za-z_]\w*)\s*=", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex NextKey();

    /// <summary>A comma after the last argument, and the parenthesis.</summary>
    [GeneratedRegex(@"\G,\s*\)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex AfterLastComma();

    [GeneratedRegex(@"\G\s*,\s*['""‘’“”]", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex NextQuote();
}
