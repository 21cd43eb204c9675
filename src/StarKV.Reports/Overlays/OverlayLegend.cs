using System.Globalization;

namespace StarKV.Reports.Overlays;

/// <summary>What the strip below an overlay says. Empty texts are left out.</summary>
/// <param name="Method">The method's name, such as <c>starkv</c>, with its budget if wanted.</param>
/// <param name="KeptTokens">Prompt tokens kept, averaged over layers.</param>
/// <param name="PromptTokens">Prompt tokens in all.</param>
/// <param name="BytesHeld">Bytes of keys and values held after compaction.</param>
/// <param name="FullBytes">Bytes that the whole cache would take.</param>
/// <param name="Instruction">The task given to the model.</param>
/// <param name="Answer">The model's answer; of more than two lines the first and the last are shown.</param>
public sealed record OverlayLegend(
    string Method, long KeptTokens, long PromptTokens, long BytesHeld, long FullBytes, string? Instruction = null, string? Answer = null)
{
    /// <summary>One line of numbers: <c>312 of 1,560 tokens kept (20.0%) · KV 17.1 MiB of 85.3 MiB</c>.</summary>
    public string Numbers => string.Create(CultureInfo.InvariantCulture,
        $"{KeptTokens:N0} of {PromptTokens:N0} tokens kept ({(PromptTokens > 0 ? 100.0 * KeptTokens / PromptTokens : 0):0.0}%)  ·  KV " +
            $"{Size(BytesHeld)} of {Size(FullBytes)}");

    internal IEnumerable<string> AnswerLines()
    {
        var lines = (Answer ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length <= 2 ? lines : [lines[0], lines[^1]]; // the action stands last
    }

    /// <summary>Bytes in binary units, such as <c>17.1 MiB</c>.</summary>
    internal static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < units.Length - 1; unit++)
            value /= 1024;
        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
