using System.Text.RegularExpressions;

namespace StarKV.Act.Compatibility;

/// <summary>Reproduces the parser of the STaR-KV evaluation: more forgiving than the official one, and only one action.</summary>
/// <param name="options">Screen, factor and limits.</param>
/// <param name="raiseOnParseError">False skips pieces that are no call instead of raising ValueError; default true.</param>
public sealed partial class StarKvActionParser(PyParserOptions options, bool raiseOnParseError = true) : ICompatibilityParser
{
    /// <inheritdoc/>
    public CompatibilityAnswer Parse(string answer) => PyRecords.Guard(() =>
    {
        var text = PyText.Strip(ThinkBlock().Replace(PyText.Strip(answer), ""));
        text = PyPieces.RenamePoints(PyPieces.WithoutPointTags(text, Point()));
        var records = new PyRecords(options);
        var (reflection, thought) = PyPieces.ReadHeader(text);
        if (ActionText(text) is not { } actionText) return [];

        var calls = PyPieces.Split(actionText).Select(ReadCall).OfType<PyCall>().ToArray();
        // Later actions are dropped, but what they raise still spoils the answer.
        var all = calls.Select(call => WithPosition(records.Record(call, reflection, thought), call)).ToArray();
        return all[..Math.Min(1, all.Length)];
    });

    private PyCall? ReadCall(string piece)
    {
        try
        {
            return PyRecords.Parse(piece);
        }
        catch (PythonException) when (!raiseOnParseError)
        {
            return null;
        }
    }

    /// <summary>The text behind the first label in any case, else the first known call with balanced parentheses, else null.</summary>
    private static string? ActionText(string text)
    {
        if (Label().Match(text) is { Success: true } label) return text[(label.Index + label.Length)..];
        foreach (var start in KnownCall().EnumerateMatches(text))
        {
            var depth = 0;
            for (var at = start.Index; at < text.Length; at++)
            {
                if (text[at] == '(') depth++;
                if (text[at] == ')' && --depth == 0) return text[start.Index..(at + 1)];
            }
        }

        return null;
    }

    /// <summary>Positional numbers become a point in model numbers, which the evaluation then compares with relative boxes.</summary>
    private static CompatibilityRecord WithPosition(CompatibilityRecord record, PyCall call) =>
        call.Positional is [PyNumber x, PyNumber y, ..] && record.ActionInputs.Count == 0
            ? record with { ActionInputs = [new("point", $"({x.Text},{y.Text})")] }
            : record;

    [GeneratedRegex(@"<think>.*?</think>", RegexOptions.Singleline)]
    private static partial Regex ThinkBlock();

    [GeneratedRegex(@"<point>\s*(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*</point>")]
    private static partial Regex Point();

    [GeneratedRegex(@"Action:\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    [GeneratedRegex(@"\b(?:click|left_double|right_single|drag|scroll|type|hotkey|wait|finished)\s*\(")]
    private static partial Regex KnownCall();
}
