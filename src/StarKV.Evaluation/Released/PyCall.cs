namespace StarKV.Evaluation.Released;

/// <summary>The value of a Python expression, as far as the action parsers look.</summary>
internal abstract record PyValue;

/// <summary>A text.</summary>
internal sealed record PyString(string Value) : PyValue;

/// <summary>A number as written.</summary>
internal sealed record PyNumber(string Text) : PyValue;

/// <summary>Any other expression.</summary>
internal sealed record PyOther(string? LastName = null) : PyValue;

/// <summary>A call: the last name of what is called (null when it has none), positional and named values.</summary>
internal sealed record PyCall(string? Name, IReadOnlyList<PyValue> Positional, IReadOnlyList<(string? Name, PyValue Value)> Keywords)
    : PyValue
{
    /// <summary>Named values as a dictionary holds them: the place of the first, the value of the last.</summary>
    public IEnumerable<(string? Name, PyValue Value)> DistinctKeywords =>
        Keywords.GroupBy(k => k.Name).Select(group => group.Last());

    /// <summary>Reads an expression; null when it is not valid or not a call.</summary>
    public static PyCall? Parse(string source) => PyExpression.Parse(source) as PyCall;
}
