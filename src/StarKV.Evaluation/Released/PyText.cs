using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>Text and number functions with the meaning they have in Python.</summary>
internal static partial class PyText
{
    /// <summary>Digits that <c>int()</c> reads at most; 4300 since Python 3.10.7.</summary>
    private const int MaxDigits = 4300;

    public static string Strip(string text) => StripEnd(StripStart(text));

    public static string StripStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsBlank(text[start])) start++;
        return text[start..];
    }

    /// <summary>
    /// The number the whole text stands for, as <c>float()</c> reads it: digits of every script, infinity beyond its range.
    /// </summary>
    /// <exception cref="PythonException">ValueError when it is none.</exception>
    public static double Float(string text)
    {
        var word = AsciiDigits(text.Trim());
        if (Number().IsMatch(word))
            return double.Parse(word.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
        var sign = word.StartsWith('-') ? -1 : 1;
        return word[(word is ['+' or '-', ..] ? 1 : 0)..].ToUpperInvariant() switch
        {
            "INF" or "INFINITY" => sign * double.PositiveInfinity,
            "NAN" => double.NaN,
            _ => throw PythonException.ValueError($"'{text}' is not a number."),
        };
    }

    /// <summary>The whole number the text stands for, as <c>int()</c> reads it: digits of every script, at most 4300.</summary>
    /// <exception cref="PythonException">ValueError when it is none or has more digits.</exception>
    public static BigInteger Int(string text)
    {
        var word = AsciiDigits(text.Trim());
        if (!Integer().IsMatch(word) || word.Count(char.IsAsciiDigit) > MaxDigits)
            throw PythonException.ValueError($"'{text}' is no whole number of at most {MaxDigits} digits.");
        return BigInteger.Parse(
            word.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>The text with the digits of all scripts written as ASCII's.</summary>
    private static string AsciiDigits(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var ascii = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber) ascii.Append((int)Rune.GetNumericValue(rune));
            else ascii.Append(rune.ToString());
        }

        return ascii.ToString();
    }

    private static string StripEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsBlank(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary>White space in Python's texts includes the four ASCII separators; its numbers have none of them around.</summary>
    private static bool IsBlank(char c) => c is >= '\x1c' and <= '\x1f' || char.IsWhiteSpace(c);

    [GeneratedRegex(
        @"\A[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?\z",
        RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[+-]?[0-9](?:_?[0-9])*\z", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Integer();
}
