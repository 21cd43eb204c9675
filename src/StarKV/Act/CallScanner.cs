using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>A call found in an answer: <c>Text[Start..End]</c>.</summary>
internal sealed record ScannedCall(
    string Name, int Start, int End, IReadOnlyList<ActionArgument> Arguments, IReadOnlyList<ActionDiagnostic> Findings)
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
    private readonly string _text;
    private readonly ReadingBudget _budget;
    private readonly QuotedValues _quoted;
    private readonly List<ActionArgument> _arguments = [];
    private readonly List<ActionDiagnostic> _findings = [];
    private int _at;
    private bool _isClosed = true;

    private CallScanner(string text, int start, ReadingBudget budget) =>
        (_text, _budget, _quoted, _at) = (text, budget, new QuotedValues(text, budget), start);

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
        var head = CallHead().Match(_text, _at);
        if (!head.Success) return null;
        _at += head.Length;
        while (ReadArgument()) { }
        _budget.Spend(_at - head.Index);
        return new(head.Groups[1].Value, head.Index, _at, _arguments, _findings) { IsClosed = _isClosed };
    }

    /// <summary>Reads up to the end of one argument; false at the end of the call.</summary>
    private bool ReadArgument()
    {
        var behindValue = _at;
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == ')')
        {
            _at++;
            return false;
        }

        var separated = _arguments.Count == 0 || (_at < _text.Length && _text[_at] == ',');
        if (_at == _text.Length || !separated)
        {
            _at = behindValue;
            _isClosed = false;
            _findings.Add(ActionDiagnostic.MissingParenthesis());
            return false;
        }

        while (_at < _text.Length && (_text[_at] == ',' || char.IsWhiteSpace(_text[_at]))) _at++;
        if (_at < _text.Length && _text[_at] != ')') ReadValue(ReadKey());
        return true;
    }

    private string ReadKey()
    {
        var key = Key().Match(_text, _at);
        if (!key.Success) return "";
        _at += key.Length;
        return key.Groups[1].Value;
    }

    private void ReadValue(string key)
    {
        if (ReadLiteral(key)) return;
        if (_at == _text.Length || !QuotedValues.IsOpening(_text[_at]))
        {
            ReadBareValue(key);
            return;
        }

        var isEmptyText = _arguments.Count == 0 && EmptyText().IsMatch(_text, _at);
        if (key == "" && !isEmptyText && StrayQuote().Match(_text, _at) is { Success: true } stray)
        {
            _at += stray.Length;
            Warn(DiagnosticCodes.StrayQuote, "A quote too many in front of the closing parenthesis was ignored.");
            return;
        }

        var (end, next, closing) = _quoted.Find(_at, isNamed: key != "");
        var raw = _text[(_at + 1)..end];
        if (closing is Closing.Missing) Warn(DiagnosticCodes.MissingQuote, $"The value of '{key}' lacks its closing quote.");
        else if (closing is Closing.Odd || _text[_at] is not ('\'' or '"'))
            Warn(DiagnosticCodes.OddQuotes, $"The value of '{key}' is between {_text[_at]} and {_text[end]}, which were taken for quotes.");
        _isClosed &= closing is not Closing.Missing;
        _at = next;
        _arguments.Add(new(key, raw, PythonEscapes.Resolve(raw)) { IsQuoted = true });
    }

    /// <summary>Reads a value that only Python's own rules read right: three quotes, a prefix, a list of texts.</summary>
    private bool ReadLiteral(string key)
    {
        if (!Literal().IsMatch(_text, _at)) return false;
        var reader = new PythonReader(_text, _at, _budget);
        if (reader.Expression() is not { Kind: not PythonKind.Other } value || !EndsValue(reader, key)) return false;
        _at = reader.At;
        _arguments.Add(new(key, value.Raw, value.Value) { IsQuoted = value.Kind is PythonKind.Text });
        return true;
    }

    private bool EndsValue(PythonReader reader, string key) =>
        !reader.IsAtEnd && (_text[reader.At] == ')' || (_text[reader.At] == ',' && (key == "" || NextKey().IsMatch(_text, reader.At))));

    /// <summary>A value without quotes: a named one may hold commas, as in <c>point=400, 300</c>.</summary>
    private void ReadBareValue(string key)
    {
        var (start, depth) = (_at, 0);
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (depth <= 0 && (c is ')' or '\n' || (c == ',' && (key == "" || NextKey().IsMatch(_text, _at))))) break;
            if (c is '(' or '[') depth++;
            if (c is ')' or ']') depth--;
        }

        var raw = _text[start.._at].TrimEnd();
        _arguments.Add(new(key, raw, raw));
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private void Warn(string code, string message) => _findings.Add(ActionDiagnostic.Warning(code, message));

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
