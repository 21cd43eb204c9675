using System.Globalization;
using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>Text and number functions with the meaning they have in JavaScript.</summary>
internal static partial class JsText
{
    public static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsBlank(text[start])) start++;
        while (end > start && IsBlank(text[end - 1])) end--;
        return text[start..end];
    }

    public static string TrimStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsBlank(text[start])) start++;
        return text[start..];
    }

    /// <summary>The number at the beginning of the text; NaN without one.</summary>
    public static double ParseFloat(string text)
    {
        var match = FloatPrefix().Match(TrimStart(text));
        if (!match.Success) return double.NaN;
        if (match.Value.EndsWith('y')) return match.Value[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return double.Parse(match.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>The nearest whole number; halves go up, towards positive infinity.</summary>
    public static double Round(double value)
    {
        var floor = Math.Floor(value);
        return value - floor >= 0.5 ? floor + 1 : floor;
    }

    /// <summary>White space in JavaScript includes the byte order mark, but not U+0085.</summary>
    private static bool IsBlank(char c) => c == '\uFEFF' || (c != '\u0085' && char.IsWhiteSpace(c));

    [GeneratedRegex(
        @"\A[+-]?(?:Infinity|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex FloatPrefix();
}
