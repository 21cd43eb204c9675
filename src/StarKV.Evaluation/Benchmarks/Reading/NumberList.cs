using System.Globalization;

namespace StarKV.Evaluation.Benchmarks.Reading;

/// <summary>
/// A list of numbers as the evaluation programs write points and boxes: <c>[0.25, 0.5, 0.25, 0.5]</c> or <c>(400,300)</c>.
/// </summary>
internal static class NumberList
{
    /// <summary>The numbers; null when the text is no such list.</summary>
    public static IReadOnlyList<double>? Of(string text)
    {
        if (text is not (['[', .., ']'] or ['(', .., ')']))
            return null;
        var numbers = new List<double>();
        foreach (var part in text[1..^1].Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return null;
            numbers.Add(number);
        }

        return numbers;
    }
}
