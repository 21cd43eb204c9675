using System.Globalization;

namespace StarKV.Cli;

/// <summary>Numbers as people read them, in the invariant culture.</summary>
public static class Format
{
    /// <summary>Bytes in binary units, such as <c>1.2 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < 4)
            (value, unit) = (value / 1024, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {new[] { "B", "KiB", "MiB", "GiB", "TiB" }[unit]}");
    }

    /// <summary>A time in milliseconds, such as <c>123 ms</c>.</summary>
    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    /// <summary>A share as a percentage, such as <c>19.9 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    /// <summary>A count with its noun, such as <c>1 cache</c> or <c>2 caches</c>.</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Names to choose from, such as <c>uitars or opencua</c>.</summary>
    public static string Choice(IEnumerable<string> names) =>
        names.ToList() is [.. [_, ..] first, var last] ? $"{string.Join(", ", first)} or {last}" : string.Concat(names);

    /// <summary>A number with at most one decimal.</summary>
    public static string Number(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);
}
