using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>The kinds of <see cref="PyToken"/>.</summary>
internal enum PyTokenKind
{
    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text, escapes resolved.</summary>
    Text,

    /// <summary>A formatted text.</summary>
    Formatted,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>An operator or bracket.</summary>
    Operator,
}

/// <summary>One token of a Python expression.</summary>
internal sealed partial record PyToken(PyTokenKind Kind, string Text)
{
    /// <summary>Cuts the source into tokens; null where Python reports a syntax error.</summary>
    public static IReadOnlyList<PyToken>? Read(string source)
    {
        // Python reads every kind of line end as a line feed.
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var tokens = new List<PyToken>();
        var budget = ReadingBudget.For(source.Length);
        for (var (at, open) = (0, 0); at < source.Length;)
        {
            if (Space().Match(source, at) is { Length: > 0 } space)
            {
                // Outside brackets a line end closes the expression.
                if (open == 0 && space.ValueSpan.Contains('\n') && !Rest().IsMatch(source.AsSpan(at))) return null;
                at += space.Length;
                continue;
            }

            if (ReadOne(source, at, budget) is not var (token, length)) return null;
            tokens.Add(token);
            at += length;
            if (token is { Kind: PyTokenKind.Operator, Text: "(" or "[" or "{" }) open++;
            if (token is { Kind: PyTokenKind.Operator, Text: ")" or "]" or "}" }) open--;
        }

        return tokens;
    }

    private static (PyToken Token, int Length)? ReadOne(string source, int at, ReadingBudget budget)
    {
        if (TextStart().IsMatch(source, at)) return PythonText.Scan(source, at, budget) is { } text ? ReadText(text) : null;
        if (Number().Match(source, at) is { Success: true } number) return (new(PyTokenKind.Number, number.Value), number.Length);
        if (Name().Match(source, at) is { Success: true } name) return (new(PyTokenKind.Name, name.Value), name.Length);
        return Operator().Match(source, at) is { Success: true } sign ? (new(PyTokenKind.Operator, sign.Value), sign.Length) : null;
    }

    private static (PyToken, int)? ReadText(PythonText text)
    {
        var prefix = text.Prefix.ToUpperInvariant();
        if (prefix.Contains('B')) return (new(PyTokenKind.Bytes, text.Raw), text.Length);
        if (prefix.Contains('F')) return (new(PyTokenKind.Formatted, text.Raw), text.Length);
        var value = prefix.Contains('R') ? text.Raw : PythonEscapes.ResolveStrictly(text.Raw);
        return value is null ? null : (new(PyTokenKind.Text, value), text.Length);
    }

    [GeneratedRegex(@"\G(?:[ \t\f\n]|\\\n|#[^\n]*)+", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Space();

    /// <summary>Blanks and comments up to the end.</summary>
    [GeneratedRegex(@"\A(?:[ \t\f\n]|#[^\n]*)*\z", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Rest();

    [GeneratedRegex(@"\G(?:[rR][bBfF]?|[bBfF][rR]?|[uU])?['""]", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex TextStart();

    private const string Digits = "[0-9](?:_?[0-9])*";
    private const string Exponent = $"[eE][+-]?{Digits}";
    private const string Integer = "0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+";
    private const string Fraction = $@"(?:(?:{Digits})?\.{Digits}|{Digits}\.)(?:{Exponent})?[jJ]?|{Digits}(?:{Exponent}[jJ]?|[jJ])";

    /// <summary>A number; decimal integers have no leading zeros.</summary>
    [GeneratedRegex($@"\G(?:{Integer}|{Fraction}|0(?:_?0)*|[1-9](?:_?[0-9])*)(?![\w.])", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Number();

    [GeneratedRegex(@"\G[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Name();

    [GeneratedRegex(@"\G(?:\*\*|//|<<|>>|<=|>=|==|!=|\.\.\.|[-+*/%@&|^~<>=.,:()\[\]{}])", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Operator();
}
