namespace StarKV.Weights;

/// <summary>The two naming generations of Qwen2.5-VL checkpoints.</summary>
/// <remarks>
/// Published files say <c>visual.…</c> and <c>model.layers…</c>; files saved by recent libraries say <c>model.visual.…</c> and
/// <c>model.language_model.layers…</c>. The newer names are canonical: they alone tell text from vision by a prefix.
/// </remarks>
public static class WeightNames
{
    private const string Text = "model.language_model.";
    private const string Vision = "model.visual.";

    /// <summary>Returns the canonical name; a canonical name is returned unchanged, and so is one of neither generation.</summary>
    public static string Canonical(string name)
    {
        if (name.StartsWith("visual.", StringComparison.Ordinal))
            return "model." + name;
        if (!name.StartsWith("model.", StringComparison.Ordinal)
            || name.StartsWith(Text, StringComparison.Ordinal)
            || name.StartsWith(Vision, StringComparison.Ordinal))
            return name;
        return Text + name["model.".Length..];
    }

    /// <summary>Returns the name that published files of this architecture use for a canonical name.</summary>
    internal static string Published(string canonical) =>
        canonical.StartsWith(Vision, StringComparison.Ordinal) ? canonical["model.".Length..]
        : canonical.StartsWith(Text, StringComparison.Ordinal) ? "model." + canonical[Text.Length..]
        : canonical;
}
