using System.Diagnostics.CodeAnalysis;

namespace StarKV.Weights;

/// <summary>The names that published checkpoints of this architecture give to their weights.</summary>
/// <remarks>
/// Qwen2.5-VL says <c>visual.…</c> and <c>model.layers…</c>; files saved by recent libraries say <c>model.visual.…</c> and
/// <c>model.language_model.layers…</c>; OpenCUA says <c>vision_tower.…</c>,
/// <c>language_model.model.layers…</c> and <c>language_model.lm_head.…</c>.
/// The second are canonical: they alone tell text from vision by a prefix.
/// </remarks>
[Experimental("STARKV001")]
public static class WeightNames
{
    private const string Text = "model.language_model.";
    private const string Vision = "model.visual.";

    /// <summary>Prefixes and what replaces them in a canonical name; the first that fits counts.</summary>
    private static readonly (string Stored, string Canonical)[] s_prefixes =
    [
        (Text, Text),
        (Vision, Vision),
        ("model.", Text),
        ("visual.", Vision),
        ("vision_tower.", Vision),
        ("language_model.model.", Text),
        ("language_model.lm_head.", "lm_head."),
    ];

    /// <summary>Returns the canonical name; a canonical name is returned unchanged, and so is one of no published form.</summary>
    public static string Canonical(string name)
    {
        foreach (var (stored, canonical) in s_prefixes)
        {
            if (name.StartsWith(stored, StringComparison.Ordinal))
                return canonical + name[stored.Length..];
        }

        return name;
    }

    /// <summary>Returns the name that published files of Qwen2.5-VL use for a canonical name.</summary>
    public static string Published(string canonical) =>
        canonical.StartsWith(Vision, StringComparison.Ordinal) ? canonical["model.".Length..]
        : canonical.StartsWith(Text, StringComparison.Ordinal) ? "model." + canonical[Text.Length..]
        : canonical;
}
