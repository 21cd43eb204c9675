using System.Globalization;
using System.Text.RegularExpressions;

namespace StarKV.Act.Compatibility;

/// <summary>Text and number functions with the meaning they have in Python.</summary>
internal static partial class PyText
{
    public static string Strip(string text) => StripEnd(StripStart(text));

    public static string StripStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsBlank(text[start])) start++;
        return text[start..];
    }

    /// <summary>The number the whole text stands for, as <c>float()</c> reads it.</summary>
    /// <exception cref="PythonException">ValueError when it is none.</exception>
    public static double Float(string text)
    {
        var word = Strip(text);
        if (Number().IsMatch(word))
            return double.Parse(word.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
        var sign = word.StartsWith('-') ? -1 : 1;
        return word.TrimStart('+', '-').ToUpperInvariant() switch
        {
            _ when word.Length > 1 && word[0] is '+' or '-' && word[1] is '+' or '-' => throw NotANumber(text),
            "INF" or "INFINITY" => sign * double.PositiveInfinity,
            "NAN" => double.NaN,
            _ => throw NotANumber(text),
        };
    }

    private static string StripEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsBlank(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary>White space in Python includes the four ASCII separators.</summary>
    private static bool IsBlank(char c) => c is >= '\x1c' and <= '\x1f' || char.IsWhiteSpace(c);

    private static PythonException NotANumber(string text) => PythonException.ValueError($"'{text}' is not a number.");

    [GeneratedRegex(@"\A[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?\z")]
    private static partial Regex Number();
}
