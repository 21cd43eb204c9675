namespace StarKV.Act;

/// <summary>How much a finding matters.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The action was read; its text was unusual.</summary>
    Warning,

    /// <summary>Something that the action needs could not be read.</summary>
    Error,
}

/// <summary>One finding about an answer.</summary>
/// <param name="Code">One of <see cref="DiagnosticCodes"/>.</param>
/// <param name="Severity">Warning or error.</param>
/// <param name="Message">One sentence that names the piece of text.</param>
public sealed record ActionDiagnostic(string Code, DiagnosticSeverity Severity, string Message)
{
    /// <summary>A warning.</summary>
    public static ActionDiagnostic Warning(string code, string message) => new(code, DiagnosticSeverity.Warning, message);

    /// <summary>An error.</summary>
    public static ActionDiagnostic Error(string code, string message) => new(code, DiagnosticSeverity.Error, message);

    internal static ActionDiagnostic BadArgument(string function, PythonValue value) => Error(
        DiagnosticCodes.BadArgument,
        $"{function} was given {ActionPart.Shorten(value.Raw)}, which is not a literal of the right kind; it cannot be carried out.");

    internal static ActionDiagnostic UnknownKey(string key) =>
        Warning(DiagnosticCodes.UnknownKey, $"'{key}' is not the name of a known key; it was kept as written.");

    internal static ActionDiagnostic Tangled(string answer) =>
        Error(DiagnosticCodes.Tangled, $"The answer \"{ActionPart.Shorten(answer)}\" is too tangled to be read.");

    internal static ActionDiagnostic MissingParenthesis() =>
        Warning(DiagnosticCodes.MissingParenthesis, "The call lacks its closing parenthesis.");
}

/// <summary>The codes of <see cref="ActionDiagnostic"/>.</summary>
public static class DiagnosticCodes
{
    /// <summary>Error: the answer holds no readable call.</summary>
    public const string NoAction = "no-action";

    /// <summary>Error: the answer ends inside a call, which is then no action.</summary>
    public const string CutOff = "cut-off";

    /// <summary>
    /// Error: the answer is so tangled, such as by thousands of quotes that
    /// never close, that reading it would take too long; none of it is read.
    /// </summary>
    public const string Tangled = "tangled";

    /// <summary>Error: a point or box has fewer than two finite numbers.</summary>
    public const string BadCoordinates = "bad-coordinates";

    /// <summary>Error: no model size fits the screenshot, so its points mean nothing.</summary>
    public const string BadImageSize = "bad-image-size";

    /// <summary>Error: the action lacks an argument it needs, such as a drag without an end.</summary>
    public const string MissingArgument = "missing-argument";

    /// <summary>Error: a tool call's JSON cannot be read, also not with what is usually forgotten.</summary>
    public const string BadJson = "bad-json";

    /// <summary>Error: an argument of code is not a literal, such as a variable, or not of the kind that its function takes.</summary>
    public const string BadArgument = "bad-argument";

    /// <summary>Warning: a key's name is not one of the known keys; it is kept as written.</summary>
    public const string UnknownKey = "unknown-key";

    /// <summary>
    /// The action's name is not one of the known languages: a warning, and an error in a tool call and for UI-Venus.
    /// </summary>
    public const string UnknownAction = "unknown-action";

    /// <summary>Warning: a point is outside the screenshot.</summary>
    public const string OutsideScreen = "outside-screen";

    /// <summary>Warning: numbers of at most 1, written with a decimal point, were taken for shares of the screenshot.</summary>
    public const string RelativeCoordinates = "relative-coordinates";

    /// <summary>Warning: a list holds three, or more than four, numbers; the first two are the point.</summary>
    public const string ExtraNumbers = "extra-numbers";

    /// <summary>Warning: values came without names and were taken by position.</summary>
    public const string PositionalArguments = "positional-arguments";

    /// <summary>Warning: a quote too many was ignored.</summary>
    public const string StrayQuote = "stray-quote";

    /// <summary>Warning: a value is between typographic quotes, or ends with another kind of quote than it begins with.</summary>
    public const string OddQuotes = "odd-quotes";

    /// <summary>Warning: a quoted value never ends.</summary>
    public const string MissingQuote = "missing-quote";

    /// <summary>Warning: a call lacks its closing parenthesis.</summary>
    public const string MissingParenthesis = "missing-parenthesis";

    /// <summary>Warning: there is text between the label and the call.</summary>
    public const string LeadingText = "leading-text";

    /// <summary>Warning: text after the call was ignored.</summary>
    public const string TrailingText = "trailing-text";

    /// <summary>Warning: an earlier action part was ignored because a later one exists.</summary>
    public const string EarlierActions = "earlier-actions";

    /// <summary>Warning: a backslash was resolved but may be part of a path; the raw text is kept.</summary>
    public const string AmbiguousEscape = "ambiguous-escape";

    /// <summary>Warning: a tool call lacks its end tag.</summary>
    public const string UnclosedCall = "unclosed-call";

    /// <summary>Warning: a tool call is not JSON as written: Python's literals, brackets too few or too many.</summary>
    public const string RepairedJson = "repaired-json";

    /// <summary>Warning: a tool call's arguments are a text that holds JSON.</summary>
    public const string ArgumentsText = "arguments-text";

    /// <summary>Warning: a tool call does not name its tool.</summary>
    public const string NoToolName = "no-tool-name";

    /// <summary>Warning: a call has an argument that no action has; it was ignored.</summary>
    public const string ExtraArgument = "extra-argument";

    /// <summary>Warning: numbers of a point were written as text.</summary>
    public const string CoordinateText = "coordinate-text";

    /// <summary>Warning: a box stands for a point; its centre is meant.</summary>
    public const string Box = "box";

    /// <summary>Warning: brackets, quotes or a name were taken off keys.</summary>
    public const string KeysCleaned = "keys-cleaned";

    /// <summary>Warning: an answer holds several calls; all were read, in order.</summary>
    public const string SeveralCalls = "several-calls";

    /// <summary>Warning: an answer holds several places; the first counts.</summary>
    public const string SeveralPoints = "several-points";

    /// <summary>Warning: there is text after a place.</summary>
    public const string ProseAfter = "prose-after";

    /// <summary>Warning: a call stands without its tag.</summary>
    public const string NoActionTag = "no-action-tag";
}
