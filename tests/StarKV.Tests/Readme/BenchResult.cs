using System.Globalization;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>Files of bench/results.</summary>
internal static class BenchResult
{
    public static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("bench", "results", name)));

    /// <summary>Some repeats of one measurement: median, least and most.</summary>
    /// <param name="spread">The measurement.</param>
    /// <param name="format">How its numbers are written.</param>
    public static string Spread(JsonElement spread, string format)
    {
        return $"{Of("median")} ({Of("min")}–{Of("max")})";

        string Of(string part) => spread.GetProperty(part).GetDouble().ToString(format, CultureInfo.InvariantCulture);
    }
}
