using System.Globalization;
using System.Text.RegularExpressions;
using StarKV.Act;
using StarKV.Input;

namespace StarKV.Evaluation.Released;

/// <summary>How the Python parsers are called.</summary>
public sealed record PyParserOptions
{
    /// <summary>
    /// Size of the original screenshot in pixels, for models whose numbers are pixels of the resized image; null (default)
    /// divides by <see cref="Factor"/>.
    /// </summary>
    public (int Width, int Height)? Screen { get; init; }

    /// <summary>What all numbers are divided by without a screen; default 1000.</summary>
    public double Factor { get; init; } = 1000;

    /// <summary>How screenshots are resized; default 78,400 to 12,845,056 pixels, factor 28.</summary>
    public SmartResize Limits { get; init; } = new(100 * 28 * 28);
}

/// <summary>Reproduces the parser of the UI-TARS repository (Python), and of the GUI-KV evaluation that differs in one point.</summary>
public sealed partial class PyActionParser : ICompatibilityParser
{
    private readonly PyParserOptions _options;
    private readonly bool _raisesWithoutAction;

    private PyActionParser(PyParserOptions options, bool raisesWithoutAction) =>
        (_options, _raisesWithoutAction) = (options, raisesWithoutAction);

    /// <summary>The parser of the UI-TARS repository: an answer without <c>Action:</c> raises AssertionError.</summary>
    public static PyActionParser Official(PyParserOptions options) => new(options, raisesWithoutAction: true);

    /// <summary>The parser of the GUI-KV evaluation: an answer without <c>Action:</c> is an empty list.</summary>
    public static PyActionParser GuiKv(PyParserOptions options) => new(options, raisesWithoutAction: false);

    /// <inheritdoc/>
    public CompatibilityAnswer Parse(string answer) => PyRecords.Guard(() =>
    {
        var text = PyPieces.RenamePoints(PyPieces.WithoutPointTags(PyText.Strip(answer), Point(), Whole));
        var records = new PyRecords(_options);
        if (!text.Contains("Action:", StringComparison.Ordinal))
            return _raisesWithoutAction ? throw new PythonException("AssertionError", "The answer holds no 'Action:'.") : [];
        var (reflection, thought) = PyPieces.ReadHeader(text);
        // The label needs its blank here: without it the whole answer is taken for the action.
        var actionText = text.Split("Action: ")[^1];
        return records.Read(PyPieces.Split(actionText), reflection, thought);
    });

    private static string Whole(string digits) => PyText.Int(digits).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<point>(\d+)\s+(\d+)</point>", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Point();
}
