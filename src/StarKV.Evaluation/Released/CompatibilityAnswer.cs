using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>
/// A parser that reproduces another program's behaviour, mistakes included. It never throws on text, and takes time in proportion to the
/// text's length; where the program would not end, or take much longer, its result comes at once.
/// </summary>
public interface ICompatibilityParser
{
    /// <summary>Parses an answer as the reproduced program does.</summary>
    CompatibilityAnswer Parse(string answer);
}

/// <summary>What a reproduced parser returns: records, or the exception that it raises.</summary>
/// <param name="Records">The records in order; empty when <paramref name="Error"/> is set.</param>
/// <param name="Error">The exception, or null.</param>
/// <param name="LoggedErrors">How many errors the program logs and survives; 0 for those that raise.</param>
public sealed record CompatibilityAnswer(IReadOnlyList<CompatibilityRecord> Records, CompatibilityError? Error = null, int LoggedErrors = 0)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => Error is null ? ListText.Of(Records) : $"{Error.Exception}: {Error.Message}";
}

/// <summary>An exception of a reproduced program.</summary>
/// <param name="Exception">Its name there, such as <c>ValueError</c>.</param>
/// <param name="Message">What is wrong, in our words.</param>
public sealed record CompatibilityError(string Exception, string Message)
{
    /// <summary>Runs a reproduction; an answer with a search beyond <see cref="MatchLimit"/> counts as not parsed.</summary>
    internal static T Guard<T>(Func<T> parse, Func<CompatibilityError, T> notParsed)
    {
        try
        {
            return parse();
        }
        catch (RegexMatchTimeoutException)
        {
            return notParsed(new("TimeoutError", $"The answer takes more than " +
                $"{MatchLimit.Milliseconds / 1000} s to search; it counts as not parsed."));
        }
    }
}

/// <summary>One parsed action in the form that evaluation programs read.</summary>
/// <param name="Reflection">Text behind <c>Reflection:</c>, or null.</param>
/// <param name="Thought">Text behind <c>Thought:</c> or <c>Action_Summary:</c>, or null.</param>
/// <param name="ActionType">Name of the action; empty or null where the program could not tell.</param>
/// <param name="ActionInputs">The inputs in the program's order; some evaluations take the first as the point.</param>
public sealed record CompatibilityRecord(
    string? Reflection, string? Thought, string? ActionType, IReadOnlyList<CompatibilityInput> ActionInputs)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ActionType} {ListText.Of(ActionInputs)}";
}

/// <summary>One input of an action: a text, or a list of numbers.</summary>
/// <param name="Name">The key.</param>
/// <param name="Text">
/// The value as text; boxes are lists of relative numbers written in the program's notation. Null for coordinates.
/// </param>
/// <param name="Coordinates">Screen pixels x, y, or an empty list; NaN where the program has none. Null for texts.</param>
public sealed record CompatibilityInput(string Name, string? Text, IReadOnlyList<double>? Coordinates = null)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Name}={(Coordinates is null ? Text : ListText.Of(Coordinates))}";
}
