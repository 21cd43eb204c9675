using System.Globalization;

namespace StarKV.Act;

/// <summary>Reads one JSON value as models write it: Python's literals, brackets too few, commas too many. Runs nothing.</summary>
/// <param name="text">The answer.</param>
/// <param name="start">Where the value begins; blanks may come before it.</param>
/// <param name="budget">Of the answer.</param>
/// <remarks>A bracket is missing only where the text or its call ends; what is cut inside a name or a text cannot be completed.</remarks>
internal sealed class LooseJson(string text, int start, ReadingBudget budget)
{
    /// <summary>What closes a call, and with it every bracket that is open.</summary>
    public const string CallEnd = "</tool_call>";

    // Deeper than any call; bounds recursion.
    private const int MaxDepth = 16;

    private int _depth;

    /// <summary>Index after the last character read.</summary>
    public int At { get; private set; } = start;

    /// <summary>Whether the value is not JSON as it is written.</summary>
    public bool IsRepaired { get; private set; }

    /// <summary>Whether the text ended before the value did.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The value of the whole of <paramref name="text"/>, blanks around it left out; null when it is not one.</summary>
    public static (LooseValue? Value, bool IsRepaired) Whole(string text, ReadingBudget budget)
    {
        var reader = new LooseJson(text, 0, budget);
        var value = reader.Read();
        return reader.IsCut || reader.At < text.Length ? (null, false) : (value, reader.IsRepaired);
    }

    /// <summary>Reads the value, closing brackets too many behind it, and blanks; null when it cannot be read.</summary>
    /// <exception cref="TangledTextException">The budget is spent.</exception>
    public LooseValue? Read()
    {
        var begin = At;
        var value = Value();
        if (value is not null)
        {
            SkipBlanks();
            while (At < text.Length && text[At] is '}' or ']')
            {
                (IsRepaired, At) = (true, At + 1);
                SkipBlanks();
            }
        }

        budget.Spend(At - begin);
        return value;
    }

    private LooseValue? Value()
    {
        SkipBlanks();
        var begin = At;
        if (IsAtEnd())
        {
            IsCut = true;
            return null;
        }

        return text[At] switch
        {
            '{' => Object(begin),
            '[' => List(begin, ']'),
            '(' => List(begin, ')'),
            '"' or '\'' => Quoted(),
            '-' or '+' or '.' or (>= '0' and <= '9') => Number(begin),
            _ => Word(begin),
        };
    }

    private LooseValue? Object(int begin)
    {
        if (++_depth > MaxDepth) return null;
        At++;
        var fields = new List<(string Name, LooseValue Value)>();
        while (!Closes('}'))
        {
            if (fields.Count > 0 && !Separates('}')) return null;
            if (Closes('}')) break;
            if (At == text.Length || text[At] is not ('"' or '\'') || Quoted() is not { } name) return null;
            SkipBlanks();
            if (At == text.Length || text[At] != ':')
            {
                IsCut |= At == text.Length;
                return null;
            }

            At++;
            if (Value() is not { } value) return null;
            fields.Add((name.Text, value));
        }

        _depth--;
        return new(LooseKind.Object, text[begin..At], text[begin..At]) { Fields = fields };
    }

    private LooseValue? List(int begin, char close)
    {
        if (++_depth > MaxDepth) return null;
        IsRepaired |= close == ')';
        At++;
        var items = new List<LooseValue>();
        while (!Closes(close))
        {
            if (items.Count > 0 && !Separates(close)) return null;
            if (Closes(close)) break;
            if (Value() is not { } item) return null;
            items.Add(item);
        }

        _depth--;
        return new(LooseKind.List, text[begin..At], text[begin..At]) { Items = items };
    }

    /// <summary>Passes over a closing bracket; true also where it is missing at the end.</summary>
    private bool Closes(char close)
    {
        SkipBlanks();
        if (At < text.Length && text[At] == close)
        {
            At++;
            return true;
        }

        if (!IsAtEnd() && text[At] is not (']' or '}' or ')')) return false;
        IsCut |= At == text.Length;
        return IsRepaired = true;
    }

    /// <summary>Passes over the comma between two items; before a closing bracket it is one too many.</summary>
    private bool Separates(char close)
    {
        if (At == text.Length || text[At] != ',') return false;
        At++;
        SkipBlanks();
        IsRepaired |= IsAtEnd() || text[At] == close;
        return true;
    }

    private LooseValue? Quoted()
    {
        var (quote, begin) = (text[At], ++At);
        while (At < text.Length && !(text[At] == quote && (quote == '"' || EndsHere(At + 1))))
        {
            // Half an escape at the end is cut too.
            IsRepaired |= text[At] is '\n' or '\r';
            At += text[At] == '\\' ? 2 : 1;
        }

        if (At >= text.Length)
        {
            (At, IsCut) = (text.Length, true);
            return null;
        }

        var raw = text[begin..At++];
        IsRepaired |= quote == '\'';
        if (quote == '\'') return new(LooseKind.Text, raw, PythonEscapes.Resolve(raw));
        var value = JsonEscapes.Resolve(raw, out var isOdd);
        IsRepaired |= isOdd;
        return new(LooseKind.Text, raw, value);
    }

    /// <summary>A single quote ends a text only where the value's end can follow: <c>'it's'</c> is one text.</summary>
    private bool EndsHere(int after)
    {
        var next = after;
        while (next < text.Length && char.IsWhiteSpace(text[next])) next++;
        budget.Spend(next - after);
        return next == text.Length || text[next] is ',' or ':' or '}' or ']' or ')' || IsCallEnd(next);
    }

    private LooseValue? Number(int begin)
    {
        while (At < text.Length && text[At] is '-' or '+' or '.' or 'e' or 'E' or (>= '0' and <= '9')) At++;
        var raw = text[begin..At];
        return double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? new(LooseKind.Number, raw, raw) : null;
    }

    private LooseValue? Word(int begin)
    {
        while (At < text.Length && char.IsAsciiLetter(text[At])) At++;
        var word = text[begin..At];
        IsRepaired |= word is "True" or "False" or "None";
        return word switch
        {
            "true" or "false" or "True" or "False" => new(LooseKind.Flag, word, word),
            "null" or "None" => new(LooseKind.Null, word, word),
            _ => null,
        };
    }

    private void SkipBlanks()
    {
        while (At < text.Length && char.IsWhiteSpace(text[At])) At++;
    }

    private bool IsAtEnd() => At >= text.Length || IsCallEnd(At);

    private bool IsCallEnd(int at) => string.CompareOrdinal(text, at, CallEnd, 0, CallEnd.Length) == 0;
}
