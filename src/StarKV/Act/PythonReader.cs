using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>Reads Python expressions inside of a call's parentheses by Python's own rules. Runs nothing.</summary>
/// <param name="source">The code.</param>
/// <param name="start">Where to begin.</param>
/// <param name="budget">Of the text that the code is a part of.</param>
internal sealed partial class PythonReader(string source, int start, ReadingBudget budget)
{
    // Deeper than any list of keys; bounds how often a character is looked at.
    private const int MaxDepth = 12;

    private int _depth;

    /// <summary>Index of the next character.</summary>
    public int At { get; private set; } = start;

    /// <summary>True after the last character.</summary>
    public bool IsAtEnd => At >= source.Length;

    /// <summary>The value of the whole of <paramref name="source"/>; null when it is not an expression.</summary>
    public static PythonValue? Whole(string source)
    {
        var reader = new PythonReader(source, 0, ReadingBudget.For(source.Length));
        return reader.Expression() is { } value && reader.IsAtEnd ? value : null;
    }

    /// <summary>Reads the expression up to its comma or closing bracket; null where Python would report a syntax error.</summary>
    public PythonValue? Expression()
    {
        SkipBlanks();
        var (begin, level) = (At, _depth);
        var value = Sum();
        budget.Spend(At - begin);
        if (value is not null && (IsAtEnd || source[At] is ',' or ')' or ']')) return value;
        (At, _depth) = (begin, level);
        if (PythonSkipper.End(source, begin, MaxDepth, budget) is not { } end) return null;
        At = end;
        return PythonValue.Other(source[begin..end].TrimEnd());
    }

    /// <summary>Passes over blanks, line ends and comments.</summary>
    public void SkipBlanks() => At += Blanks().Match(source, At).Length;

    /// <summary>Passes over <paramref name="sign"/> when it is the next character.</summary>
    public bool Take(char sign)
    {
        if (IsAtEnd || source[At] != sign) return false;
        At++;
        return true;
    }

    /// <summary>Passes over the name of an argument and its equals sign; empty for a value without a name.</summary>
    public string Key()
    {
        var key = Named().Match(source, At);
        At += key.Length;
        return key.Groups[1].Value;
    }

    private PythonValue? Sum()
    {
        var operands = new List<PythonValue>();
        do
        {
            SkipBlanks();
            if (Operand() is not { } operand) return null;
            operands.Add(operand);
            SkipBlanks();
        }
        while (Take('+'));
        return PythonValue.Sum(operands);
    }

    private PythonValue? Operand()
    {
        if (IsAtEnd) return null;
        if (source[At] is '[' or '(') return List();
        if (Number().Match(source, At) is { Success: true } number)
        {
            At += number.Length;
            return new(PythonKind.Number, number.Value, number.Value.Replace("_", "", StringComparison.Ordinal));
        }

        return Texts();
    }

    /// <summary>Text literals that stand side by side are one text.</summary>
    private PythonValue? Texts()
    {
        var texts = new List<PythonValue>();
        while (PythonText.Scan(source, At, budget) is { } text)
        {
            At += text.Length;
            texts.Add(text.Value());
            SkipBlanks();
        }

        return texts.Count == 0 ? null : PythonValue.Sum(texts);
    }

    /// <summary>A list or tuple; one expression in parentheses is itself.</summary>
    private PythonValue? List()
    {
        var begin = At;
        var close = source[At++] == '[' ? ']' : ')';
        if (++_depth > MaxDepth) return null;
        var (items, commas) = (new List<PythonValue>(), 0);
        SkipBlanks();
        while (!Take(close))
        {
            if (items.Count > commas || Expression() is not { } item) return null;
            items.Add(item);
            if (Take(',')) commas++;
            SkipBlanks();
        }

        _depth--;
        if (close == ')' && items.Count == 1 && commas == 0) return items[0];
        var raw = source[begin..At];
        return new(PythonKind.List, raw, raw) { Items = items };
    }

    [GeneratedRegex(@"\G(?:\s|\\\n|#[^\n]*)*", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\G([A-Za-z_]\w*)\s*=(?!=)\s*", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Named();

    [GeneratedRegex(
        @"\G[-+]?(?:[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.])", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Number();
}
