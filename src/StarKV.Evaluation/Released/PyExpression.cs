namespace StarKV.Evaluation.Released;

/// <summary>
/// Reads the Python expressions that models write as actions: calls, attributes, constants, lists, tuples, dictionaries and
/// operators. Lambdas and comprehensions count as invalid.
/// </summary>
internal sealed class PyExpression
{
    private const int MaxDepth = 200;

    private readonly IReadOnlyList<PyToken> _tokens;
    private int _at;
    private int _depth;

    private PyExpression(IReadOnlyList<PyToken> tokens) => _tokens = tokens;

    /// <summary>Reads the whole source as one expression; null where Python reports a syntax error.</summary>
    public static PyValue? Parse(string source)
    {
        if (PyToken.Read(source) is not { } tokens) return null;
        var reader = new PyExpression(tokens);
        try
        {
            var value = reader.ReadTuple();
            return reader._at == tokens.Count ? value : null;
        }
        catch (PythonException)
        {
            return null;
        }
    }

    private static PythonException Invalid() => new("SyntaxError", "The text is not a Python expression.");

    private PyToken? Next => _at < _tokens.Count ? _tokens[_at] : null;

    /// <summary>Whether the next token is this sign or word; a text with the same characters is not.</summary>
    private bool IsNext(string text) => Next is { Kind: PyTokenKind.Operator or PyTokenKind.Name } token && token.Text == text;

    private bool Take(string text)
    {
        if (!IsNext(text)) return false;
        _at++;
        return true;
    }

    private void Require(string text)
    {
        if (!Take(text)) throw Invalid();
    }

    private PyValue ReadTuple()
    {
        var first = ReadItem();
        if (!IsNext(",")) return first;
        while (Take(","))
            if (Next is not null && !IsNext(")")) ReadItem();
        return new PyOther();
    }

    private PyValue ReadItem() => Take("*") ? Operand() : ReadConditional();

    private PyOther Operand()
    {
        ReadConditional();
        return new PyOther();
    }

    private PyValue ReadConditional()
    {
        if (++_depth > MaxDepth) throw Invalid();
        var value = ReadBinary();
        if (Take("if"))
        {
            ReadBinary();
            Require("else");
            value = Operand();
        }

        _depth--;
        return value;
    }

    private PyValue ReadBinary()
    {
        var value = ReadUnary(mayNegate: true);
        while (TakeBinaryOperator() is { } name)
        {
            // "not" binds less than signs and comparisons: it may not follow them.
            ReadUnary(mayNegate: name is "and" or "or");
            value = new PyOther();
        }

        return value;
    }

    private string? TakeBinaryOperator()
    {
        if (Next is not { Kind: PyTokenKind.Operator or PyTokenKind.Name } token) return null;
        if (token.Text == "not" && _at + 1 < _tokens.Count && _tokens[_at + 1] is { Kind: PyTokenKind.Name, Text: "in" })
        {
            _at += 2;
            return "not in";
        }

        if (!PyWords.BinaryOperators.Contains(token.Text)) return null;
        _at++;
        if (token.Text == "is") Take("not");
        return token.Text;
    }

    private PyValue ReadUnary(bool mayNegate)
    {
        var signs = 0;
        var sign = Next?.Text;
        while (mayNegate && Take("not")) signs++;
        while (Take("-") || Take("+") || Take("~")) signs++;
        var value = ReadPostfix();
        return (signs, sign, value) switch
        {
            (0, _, _) => value,
            (1, "-" or "+", PyNumber number) => new PyNumber(sign + number.Text),
            _ => new PyOther(),
        };
    }

    private PyValue ReadPostfix()
    {
        var value = ReadAtom();
        while (true)
        {
            if (Take("."))
            {
                value = new PyOther(ReadName());
            }
            else if (Take("("))
            {
                value = ReadArguments((value as PyOther)?.LastName);
            }
            else if (Take("["))
            {
                ReadSubscript();
                value = new PyOther();
            }
            else
            {
                return value;
            }
        }
    }

    private string ReadName()
    {
        if (Next is not { Kind: PyTokenKind.Name } name || PyWords.Keywords.Contains(name.Text)) throw Invalid();
        _at++;
        return name.Text;
    }

    private void ReadSubscript()
    {
        do ReadSlice();
        while (Take(",") && !IsNext("]"));
        Require("]");
    }

    /// <summary>An item, or bounds and a step around colons, any of which may be missing.</summary>
    private void ReadSlice()
    {
        var isStarred = IsNext("*");
        if (!IsNext(":")) ReadItem();
        for (var colons = 0; colons < 2 && !isStarred && Take(":"); colons++)
            if (!IsNext(":") && !IsNext(",") && !IsNext("]")) ReadConditional();
    }

    private PyValue ReadAtom()
    {
        var token = Next ?? throw Invalid();
        if (token.Kind is PyTokenKind.Text or PyTokenKind.Formatted or PyTokenKind.Bytes) return ReadText();
        _at++;
        return token.Kind switch
        {
            PyTokenKind.Number => new PyNumber(token.Text),
            PyTokenKind.Name when PyWords.Constants.Contains(token.Text) => new PyOther(),
            PyTokenKind.Name when !PyWords.Keywords.Contains(token.Text) => new PyOther(token.Text),
            PyTokenKind.Operator when token.Text == "..." => new PyOther(),
            PyTokenKind.Operator when token.Text == "(" => ReadParentheses(),
            PyTokenKind.Operator when token.Text == "[" => ReadCollection("]", pairs: false),
            PyTokenKind.Operator when token.Text == "{" => ReadCollection("}", pairs: true),
            _ => throw Invalid(),
        };
    }

    /// <summary>Neighbouring texts are one text; bytes do not mix with them.</summary>
    private PyValue ReadText()
    {
        var parts = _tokens.Skip(_at).TakeWhile(t => t.Kind is PyTokenKind.Text or PyTokenKind.Formatted or PyTokenKind.Bytes).ToArray();
        _at += parts.Length;
        if (parts.All(p => p.Kind is PyTokenKind.Text)) return new PyString(string.Concat(parts.Select(p => p.Text)));
        var bytes = parts.Count(p => p.Kind is PyTokenKind.Bytes);
        return bytes == 0 || bytes == parts.Length ? new PyOther() : throw Invalid();
    }

    private PyValue ReadParentheses()
    {
        if (Take(")")) return new PyOther();
        var value = ReadTuple();
        Require(")");
        return value;
    }

    private PyOther ReadCollection(string end, bool pairs)
    {
        while (!Take(end))
        {
            if (pairs && Take("**")) ReadConditional();
            else ReadItem();
            if (pairs && Take(":")) ReadConditional();
            if (!IsNext(end)) Require(",");
        }

        return new PyOther();
    }

    private PyCall ReadArguments(string? name)
    {
        var (positional, named) = (new List<PyValue>(), new List<(string?, PyValue)>());
        while (!Take(")"))
        {
            if (Take("**"))
            {
                named.Add((null, Operand()));
            }
            else if (Next is { Kind: PyTokenKind.Name } && _at + 1 < _tokens.Count && _tokens[_at + 1] is
            {
                Kind: PyTokenKind.Operator,
                Text: "="
            })
            {
                var key = ReadName();
                _at++;
                named.Add((key, ReadConditional()));
            }
            else
            {
                // After names a sequence may be unpacked, after an unpacked dictionary nothing without a name.
                if (named.Count > 0 && (!IsNext("*") || named.Exists(n => n.Item1 is null))) throw Invalid();
                positional.Add(ReadItem());
            }

            if (!IsNext(")")) Require(",");
        }

        return new(name, positional, named);
    }
}
