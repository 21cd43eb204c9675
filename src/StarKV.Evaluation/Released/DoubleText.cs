using System.Globalization;

namespace StarKV.Evaluation.Released;

/// <summary>Doubles written as Python and JavaScript write them: the shortest digits that read back, in either notation.</summary>
internal static class DoubleText
{
    /// <summary>As <c>repr</c> in Python: 0.5, 3.0, 1e-05, 1e+16, nan, inf.</summary>
    public static string Python(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var (sign, digits, point) = Digits(value);
        if (point is <= -4 or > 16) return sign + Scientific(digits, point, "00");
        var plain = Plain(digits, point);
        return sign + (plain.Contains('.') ? plain : plain + ".0");
    }

    /// <summary>As in JavaScript's JSON: 0.5, 3, 0.00001, 1e-7, 1e+21; null for NaN and infinities.</summary>
    public static string JavaScriptJson(double value)
    {
        if (!double.IsFinite(value)) return "null";
        if (value == 0) return "0";
        var (sign, digits, point) = Digits(value);
        return sign + (point is <= -6 or > 21 ? Scientific(digits, point, "0") : Plain(digits, point));
    }

    /// <summary>Sign, digits without outer zeros, and how many of the digits stand in front of the point.</summary>
    private static (string Sign, string Digits, int Point) Digits(double value)
    {
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0) return (sign, "0", 1);
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var exponent = shortest.Length > 1 ? int.Parse(shortest[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var parts = shortest[0].Split('.');
        var digits = string.Concat(parts);
        var significant = digits.TrimStart('0');
        var point = parts[0].Length - (digits.Length - significant.Length) + exponent;
        return (sign, significant.TrimEnd('0'), point);
    }

    private static string Plain(string digits, int point)
    {
        if (point <= 0) return "0." + new string('0', -point) + digits;
        return digits.Length <= point ? digits.PadRight(point, '0') : $"{digits[..point]}.{digits[point..]}";
    }

    private static string Scientific(string digits, int point, string exponentFormat)
    {
        var exponent = point - 1;
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString(exponentFormat, CultureInfo.InvariantCulture)}";
    }
}
