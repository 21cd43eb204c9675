using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>A call found in an answer: <c>Text[Start..End]</c>.</summary>
internal sealed record ScannedCall(string Name, int Start, int End, IReadOnlyList<ActionArgument> Arguments, IReadOnlyList<ActionDiagnostic> Findings)
{
    /// <summary>False when a quote or the parenthesis at its end is missing.</summary>
    public bool IsClosed { get; init; } = true;

    /// <summary>True when nothing in the call looks like prose in parentheses.</summary>
    public bool IsPlausible => ActionVocabulary.IsAction(Name)
        ? Arguments.All(a => a.Name != "" || a.Value.Any(char.IsAsciiDigit))
        : Arguments.All(a => a.Name != "");
}

/// <summary>Reads one call from free text, character by character, forgiving unescaped quotes and missing ends.</summary>
internal sealed partial class CallScanner
{
    private readonly string text;
    private readonly ReadingBudget budget;
    private readonly QuotedValues quoted;
    private readonly List<ActionArgument> arguments = [];
    private readonly List<ActionDiagnostic> findings = [];
    private int at;
    private bool isClosed = true;

    private CallScanner(string text, int start, ReadingBudget budget) =>
        (this.text, this.budget, quoted, at) = (text, budget, new QuotedValues(text, budget), start);

    /// <summary>Reads the call that begins at <paramref name="start"/>; null when none does.</summary>
    /// <exception cref="TangledTextException">The budget is spent.</exception>
    public static ScannedCall? Scan(string text, int start, ReadingBudget budget) => new CallScanner(text, start, budget).Read();

    /// <summary>Finds the first known and plausible call between <paramref name="start"/> and <paramref name="limit"/>.</summary>
    /// <exception cref="TangledTextException">The budget is spent.</exception>
    public static ScannedCall? Find(string text, int start, int limit, ReadingBudget budget)
    {
        foreach (var name in CallStart().EnumerateMatches(text.AsSpan(0, limit), start))
        {
            var path = text.AsSpan(name.Index, name.Length).TrimEnd('(').TrimEnd();
            if (!ActionVocabulary.IsAction(path[(path.LastIndexOf('.') + 1)..].ToString())) continue;
            if (Scan(text, name.Index, budget) is { IsPlausible: true } call) return call;
        }

        return null;
    }

    private ScannedCall? Read()
    {
        var head = CallHead().Match(text, at);
        if (!head.Success) return null;
        at += head.Length;
        while (ReadArgument()) { }
        budget.Spend(at - head.Index);
        return new(head.Groups[1].Value, head.Index, at, arguments, findings) { IsClosed = isClosed };
    }

    /// <summary>Reads up to the end of one argument; false at the end of the call.</summary>
    private bool ReadArgument()
    {
        var behindValue = at;
        SkipBlanks();
        if (at < text.Length && text[at] == ')')
        {
            at++;
            return false;
        }

        var separated = arguments.Count == 0 || (at < text.Length && text[at] == ',');
        if (at == text.Length || !separated)
        {
            at = behindValue;
            isClosed = false;
            findings.Add(ActionDiagnostic.MissingParenthesis());
            return false;
        }

        while (at < text.Length && (text[at] == ',' || char.IsWhiteSpace(text[at]))) at++;
        if (at < text.Length && text[at] != ')') ReadValue(ReadKey());
        return true;
    }

    private string ReadKey()
    {
        var key = Key().Match(text, at);
        if (!key.Success) return "";
        at += key.Length;
        return key.Groups[1].Value;
    }

    private void ReadValue(string key)
    {
        if (ReadLiteral(key)) return;
        if (at == text.Length || !QuotedValues.IsOpening(text[at]))
        {
            ReadBareValue(key);
            return;
        }

        var isEmptyText = arguments.Count == 0 && EmptyText().IsMatch(text, at);
        if (key == "" && !isEmptyText && StrayQuote().Match(text, at) is { Success: true } stray)
        {
            at += stray.Length;
            Warn(DiagnosticCodes.StrayQuote, "A quote too many in front of the closing parenthesis was ignored.");
            return;
        }

        var (end, next, closing) = quoted.Find(at, isNamed: key != "");
        var raw = text[(at + 1)..end];
        if (closing is Closing.Missing) Warn(DiagnosticCodes.MissingQuote, $"The value of '{key}' lacks its closing quote.");
        else if (closing is Closing.Odd || text[at] is not ('\'' or '"'))
            Warn(DiagnosticCodes.OddQuotes, $"The value of '{key}' stands between {text[at]} and {text[end]}, which were taken for quotes.");
        isClosed &= closing is not Closing.Missing;
        at = next;
        arguments.Add(new(key, raw, PythonEscapes.Resolve(raw)) { IsQuoted = true });
    }

    /// <summary>Reads a value that only Python's own rules read right: three quotes, a prefix, a list of texts.</summary>
    private bool ReadLiteral(string key)
    {
        if (!Literal().IsMatch(text, at)) return false;
        var reader = new PythonReader(text, at, budget);
        if (reader.Expression() is not { Kind: not PythonKind.Other } value || !EndsValue(reader, key)) return false;
        at = reader.At;
        arguments.Add(new(key, value.Raw, value.Value) { IsQuoted = value.Kind is PythonKind.Text });
        return true;
    }

    private bool EndsValue(PythonReader reader, string key) =>
        !reader.IsAtEnd && (text[reader.At] == ')' || (text[reader.At] == ',' && (key == "" || NextKey().IsMatch(text, reader.At))));

    /// <summary>A value without quotes: a named one may hold commas, as in <c>point=400, 300</c>.</summary>
    private void ReadBareValue(string key)
    {
        var (start, depth) = (at, 0);
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (depth <= 0 && (c is ')' or '\n' || (c == ',' && (key == "" || NextKey().IsMatch(text, at))))) break;
            if (c is '(' or '[') depth++;
            if (c is ')' or ']') depth--;
        }

        var raw = text[start..at].TrimEnd();
        arguments.Add(new(key, raw, raw));
    }

    private void SkipBlanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private void Warn(string code, string message) => findings.Add(ActionDiagnostic.Warning(code, message));

    [GeneratedRegex(@"\G(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)[ \t]*\(", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex CallHead();

    [GeneratedRegex(@"(?<![\w.])(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*[ \t]*\(", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex CallStart();

    [GeneratedRegex(@"\G([A-Za-z_]\w*)\s*=\s*(?!=)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Key();

    [GeneratedRegex(@"\G,\s*[A-Za-z_]\w*\s*=", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex NextKey();

    [GeneratedRegex(@"\G(?:'''|""{3}|[rRbBuUfF]{1,2}['""]|[\[(]\s*[rRbBuUfF]{0,2}['""])", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\G['""]+\s*(?=\)|\z)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex StrayQuote();

    /// <summary>Two quotes that are all that a call holds.</summary>
    [GeneratedRegex(@"\G(?:''|""{2})\s*,?\s*\)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex EmptyText();
}
