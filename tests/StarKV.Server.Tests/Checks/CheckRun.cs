using System.Runtime.InteropServices;
using System.Text.Json;

namespace StarKV.Server.Tests.Checks;

/// <summary>
/// How often the checks of the server are done, and where their figures go: few times among the tests, as often as they are published for by
/// <c>eng/server-checks.sh</c>, which names a folder.
/// </summary>
internal static class CheckRun
{
    /// <summary>The folder of the figures; null when they are not wanted.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("STARKV_SERVER_CHECKS");

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A number of times.</summary>
    public static int Times(int amongTests, int published) => Folder is null ? amongTests : published;

    /// <summary>Writes what was found.</summary>
    /// <param name="name">The check, and its file's name.</param>
    /// <param name="what">What was done, in words.</param>
    /// <param name="times">How often.</param>
    /// <param name="found">What was found, in words.</param>
    public static void Tell(string name, string what, int times, string found)
    {
        if (Folder is null)
            return;
        var machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}, the shipped model on a CPU";
        File.WriteAllText(
            Path.Combine(Folder, $"{name}.json"), JsonSerializer.Serialize(new CheckFigures(name, what, times, found, machine), s_json) + "\n");
    }

    /// <summary>The value that a share of values does not exceed.</summary>
    public static TimeSpan Percentile(IEnumerable<TimeSpan> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
    }
}

/// <summary>What a check has found.</summary>
internal sealed record CheckFigures(string Name, string What, int Times, string Found, string Machine);
