using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>One argument of a call in OpenCUA's code.</summary>
/// <param name="Name">Its name; empty for a positional value.</param>
/// <param name="Value">What it stands for.</param>
internal sealed record OpenCuaArgument(string Name, PythonValue Value);

/// <summary>A call in OpenCUA's code: <c>Code[Start..End]</c>.</summary>
/// <param name="Module">What comes before the function's name.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index after its last one.</param>
/// <param name="IsClosed">False when a quote or the parenthesis at its end is missing.</param>
/// <param name="Arguments">Its arguments in order.</param>
internal sealed partial record OpenCuaCall(
    string Module, string Name, int Start, int End, bool IsClosed, IReadOnlyList<OpenCuaArgument> Arguments)
{
    /// <summary>What was unusual in the call.</summary>
    public IReadOnlyList<ActionDiagnostic> Findings { get; init; } = [];

    /// <summary>Reads the call at <paramref name="start"/> as Python, else forgivingly; null when none begins there.</summary>
    /// <exception cref="TangledTextException">The budget is spent.</exception>
    public static OpenCuaCall? Read(string code, int start, ReadingBudget budget) =>
        Head().Match(code, start) is { Success: true } head ? AsPython(code, head, budget) ?? Forgivingly(code, head, budget) : null;

    private static OpenCuaCall? AsPython(string code, Match head, ReadingBudget budget)
    {
        var reader = new PythonReader(code, head.Index + head.Length, budget);
        var arguments = new List<OpenCuaArgument>();
        reader.SkipBlanks();
        while (!reader.Take(')'))
        {
            if (reader.IsAtEnd)
                return Of(head, reader.At, isClosed: false, arguments) with { Findings = [ActionDiagnostic.MissingParenthesis()] };
            // A starred list means its items, which is how lists of keys are read anyway.
            _ = reader.Take('*');
            var key = reader.Key();
            if (reader.Expression() is not { } value) return null;
            arguments.Add(new(key, value));
            if (!reader.Take(',') && !reader.IsAtEnd && code[reader.At] != ')') return null;
            reader.SkipBlanks();
        }

        return Of(head, reader.At, isClosed: true, arguments);
    }

    private static OpenCuaCall? Forgivingly(string code, Match head, ReadingBudget budget)
    {
        if (CallScanner.Scan(code, head.Index, budget) is not { } call) return null;
        var arguments = call.Arguments.Select(a => new OpenCuaArgument(
            a.Name, a.IsQuoted ? new(PythonKind.Text, a.Raw, a.Value) : PythonReader.Whole(a.Raw) ?? PythonValue.Other(a.Raw)));
        return Of(head, call.End, call.IsClosed, [.. arguments]) with { Findings = call.Findings };
    }

    private static OpenCuaCall Of(Match head, int end, bool isClosed, IReadOnlyList<OpenCuaArgument> arguments) =>
        new(head.Groups[1].Value, head.Groups[2].Value, head.Index, end, isClosed, arguments);

    [GeneratedRegex(@"\G(pyautogui|computer|time)\.(\w+)\s*\(", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Head();
}
