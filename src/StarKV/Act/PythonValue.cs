using System.Diagnostics.CodeAnalysis;

namespace StarKV.Act;

/// <summary>What a Python expression of an answer is, as far as an action needs it.</summary>
[Experimental("STARKV001")]
public enum PythonKind
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
[Experimental("STARKV001")]
public sealed record PythonValue(PythonKind Kind, string Raw, string Value)
{
    /// <summary>The items of a list; empty for what is none.</summary>
    public IReadOnlyList<PythonValue> Items { get; init; } = [];

    /// <summary>The kind and the expression, for logs and the debugger.</summary>
    public override string ToString() => $"{Kind} {Raw}";

    /// <summary>An expression that is not a literal.</summary>
    public static PythonValue Other(string raw) => new(PythonKind.Other, raw, raw);

    /// <summary>What operands with <c>+</c> between them are; at least one.</summary>
    public static PythonValue Sum(IReadOnlyList<PythonValue> operands)
    {
        if (operands is [var only]) return only;
        if (operands.All(o => o.Kind is PythonKind.Text))
            return new(PythonKind.Text, string.Concat(operands.Select(o => o.Raw)), string.Concat(operands.Select(o => o.Value)));
        var sum = Other(string.Join(" + ", operands.Select(o => o.Raw)));
        return operands.All(o => o.Kind is PythonKind.List)
            ? sum with { Kind = PythonKind.List, Items = [.. operands.SelectMany(o => o.Items)] }
            : sum;
    }
}
