namespace StarKV.Act;

/// <summary>What a Python expression of an answer is, as far as an action needs it.</summary>
internal enum PythonKind
{
    /// <summary>A text literal, or several that are added or stand side by side.</summary>
    Text,

    /// <summary>A number with or without a sign.</summary>
    Number,

    /// <summary>A list or tuple.</summary>
    List,

    /// <summary>No literal: a variable, a call, a formatted text with placeholders. Its value is not known here.</summary>
    Other,
}

/// <summary>The value of a Python expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Raw">For a text the characters between its quotes, escapes untouched; else the expression as written.</param>
/// <param name="Value">For a text its characters, escapes resolved; for a number its digits; else <paramref name="Raw"/>.</param>
internal sealed record PythonValue(PythonKind Kind, string Raw, string Value)
{
    /// <summary>The items of a list; empty for what is none.</summary>
    public IReadOnlyList<PythonValue> Items { get; init; } = [];

    /// <summary>An expression that is no literal.</summary>
    public static PythonValue Other(string raw) => new(PythonKind.Other, raw, raw);

    /// <summary>What <c>left + right</c> is.</summary>
    public static PythonValue Sum(PythonValue left, PythonValue right) => (left.Kind, right.Kind) switch
    {
        (PythonKind.Text, PythonKind.Text) => new(PythonKind.Text, left.Raw + right.Raw, left.Value + right.Value),
        (PythonKind.List, PythonKind.List) => Other($"{left.Raw} + {right.Raw}") with { Kind = PythonKind.List, Items = [.. left.Items, .. right.Items] },
        _ => Other($"{left.Raw} + {right.Raw}"),
    };
}
