using System.Globalization;

namespace StarKV.Reports.Markup;

/// <summary>Numbers as the page writes them.</summary>
public static class Numbers
{
    /// <summary>A share as a percentage, such as <c>19.9 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0}\u00A0%");

    /// <summary>A mean of counts, such as <c>40.9</c>.</summary>
    public static string Count(double count) => count.ToString("#,0.0", CultureInfo.InvariantCulture);

    /// <summary>A time in milliseconds: <c>0.4 ms</c>, <c>12 ms</c>.</summary>
    public static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture) + "\u00A0ms";

    /// <summary>One number when all are the same, else the span: <c>56</c> or <c>9–104</c>.</summary>
    public static string Span(IReadOnlyList<int> values) =>
        values.Min() == values.Max() ? $"{values[0]}" : $"{values.Min()}–{values.Max()}";
}
