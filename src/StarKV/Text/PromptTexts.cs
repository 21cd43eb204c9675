using System.Diagnostics.CodeAnalysis;

namespace StarKV.Text;

/// <summary>The prompt texts that are shipped, byte for byte as their projects publish them.</summary>
/// <remarks>Benchmark numbers depend on every blank. Sources and licences: Text/Prompts/README.md.</remarks>
[Experimental("STARKV001")]
public static class PromptTexts
{
    private const string Prefix = "StarKV.Text.Prompts.";

    /// <summary>The ids of all shipped texts.</summary>
    public static IReadOnlyList<string> Ids { get; } =
    [
        .. typeof(PromptTexts).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".txt", StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^4])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text with placeholders in place, or null when it is not shipped.</summary>
    public static string? Find(string id)
    {
        using var stream = typeof(PromptTexts).Assembly.GetManifestResourceStream(Prefix + id + ".txt");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The text of an id that is known to be shipped.</summary>
    public static string Get(string id) => Find(id) ?? throw new InvalidOperationException($"The prompt text {id} is not embedded.");
}
