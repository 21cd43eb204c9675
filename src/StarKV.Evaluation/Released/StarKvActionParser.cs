using System.Globalization;
using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>Reproduces the parser of the STaR-KV evaluation: more forgiving than the official one, and only one action.</summary>
/// <param name="options">Screen, factor and limits.</param>
/// <param name="raiseOnParseError">False skips pieces that are no call instead of raising ValueError; default true.</param>
/// <remarks>It stops at the first action: what stands behind it may be broken, except a <c>type</c> without its text on one line.</remarks>
public sealed partial class StarKvActionParser(PyParserOptions options, bool raiseOnParseError = true) : ICompatibilityParser
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <inheritdoc/>
    public CompatibilityAnswer Parse(string answer) => PyRecords.Guard(() =>
    {
        var text = PyText.Strip(ThinkBlock().Replace(PyText.Strip(answer), "\n"));
        text = PyPieces.RenamePoints(PyPieces.WithoutPointTags(text, Point(), Truncated));
        var records = new PyRecords(options);
        var (reflection, thought) = PyPieces.ReadHeader(text);
        foreach (var piece in Pieces(text))
        {
            if (ReadCall(piece) is { } call) return [records.Record(call, reflection, thought)];
        }

        return [];
    });

    /// <summary>The pieces behind the first label in any case; without one the first known call, if its parentheses are balanced.</summary>
    private IReadOnlyList<string> Pieces(string text)
    {
        if (Label().Match(text) is { Success: true } label)
            return [.. PyPieces.Cut(text[(label.Index + label.Length)..]).Select(Repaired).OfType<string>()];
        if (KnownCall().Match(text) is not { Success: true } start) return [];
        var depth = 0;
        for (var at = start.Index; at < text.Length; at++)
        {
            if (text[at] == '(') depth++;
            if (text[at] == ')' && --depth == 0) return [text[start.Index..(at + 1)]];
        }

        return [];
    }

    private string? Repaired(string piece) => Survived(() => PyPieces.Repair(piece));

    private PyCall? ReadCall(string piece) => Survived(() => WithPosition(PyRecords.Parse(piece)));

    private T? Survived<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (PythonException) when (!raiseOnParseError)
        {
            return null;
        }
    }

    /// <summary>Positional numbers of a click become a point in model numbers, which the evaluation compares with relative boxes.</summary>
    private static PyCall WithPosition(PyCall call)
    {
        if (call is not
            {
                Name: "click",
                Positional: [var x, var y, ..]
            } || Whole(x) is not { } across || Whole(y) is not { } down) return call;
        return call.Keywords.Any(k => k.Name == "point")
            ? call
            : call with { Keywords = [.. call.Keywords, ("point", new PyString($"({across},{down})"))] };
    }

    /// <summary>The whole part of a number, also of one written as a text; null for what the program passes over.</summary>
    private static string? Whole(PyValue value) => value switch
    {
        PyNumber { Text: var text } => Truncated(text),
        PyString { Value: var text } => Truncated(text),
        _ => null,
    };

    private static string Truncated(string text)
    {
        var number = PyText.Float(text);
        if (!double.IsFinite(number)) throw PythonException.ValueError($"'{text}' is no whole number.");
        return (Math.Truncate(number) + 0).ToString("F0", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"<think>.*?</think>", RegexOptions.NonBacktracking | RegexOptions.Singleline | AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex ThinkBlock();

    [GeneratedRegex(@"<point>\s*([0-9.]+)\s+([0-9.]+)\s*</point>", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Point();

    [GeneratedRegex(@"\bAction:\s*", RegexOptions.NonBacktracking | AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex Label();

    [GeneratedRegex(
        @"\b(?:click|left_double|right_single|drag|scroll|type|hotkey|wait|finished)\s*\(",
        RegexOptions.NonBacktracking | AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex KnownCall();
}
