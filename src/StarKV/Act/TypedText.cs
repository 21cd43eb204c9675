using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>Whether the backslashes of a typed text may have been meant literally.</summary>
internal static partial class TypedText
{
    /// <summary>True when escapes changed the text and it looks like a path, or uses escapes that are never typed on purpose.</summary>
    public static bool IsAmbiguous(ActionArgument argument) =>
        argument.Raw != argument.Value && (Path().IsMatch(argument.Raw) || UnusualEscape().IsMatch(argument.Raw));

    [GeneratedRegex(@"(?<![A-Za-z])[A-Za-z]:\\(?!\\)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Path();

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*\\[^n'""\\]", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex UnusualEscape();
}
