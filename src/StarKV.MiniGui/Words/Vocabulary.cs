using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Words;

/// <summary>
/// Draws words, labels and icons that a split may show; a split that holds something out shows it about half of the time.
/// </summary>
internal sealed class Vocabulary(Split split)
{
    private const double ProbeShare = 0.5;

    // Words of a long value.
    private const int MinWords = 3, MaxWords = 6;

    private static readonly string[] s_ui = [.. WordLists.Ui.Where(w => !HeldOut.Word(w))];
    private static readonly string[] s_uiHeldOut = [.. WordLists.Ui.Where(HeldOut.Word)];
    private static readonly string[] s_code = [.. WordLists.Code.Where(w => !HeldOut.Word(w))];
    private static readonly string[] s_codeHeldOut = [.. WordLists.Code.Where(HeldOut.Word)];

    public string UiWord(SeededRandom random) =>
        random.Pick(split is Split.Words && random.Chance(ProbeShare) ? s_uiHeldOut : s_ui);

    public string CodeWord(SeededRandom random) =>
        random.Pick(split is Split.Words && random.Chance(ProbeShare) ? s_codeHeldOut : s_code);

    /// <value>Whether values have 3 to 6 words; default false: one.</value>
    public bool HasLongValues { get; init; }

    /// <summary>A value: one word, or several different ones.</summary>
    public string Value(SeededRandom random)
    {
        if (!HasLongValues)
            return CodeWord(random);
        var words = new List<string>();
        for (var left = random.Between(MinWords, MaxWords); left > 0; left--)
        {
            var word = CodeWord(random);
            if (!words.Contains(word))
                words.Add(word);
        }

        return words.Count < MinWords ? Value(random) : string.Join(' ', words);
    }

    /// <summary>A second word such that the label is one of this split; null when this draw gave none.</summary>
    public string? SecondWord(SeededRandom random, string first)
    {
        var probe = split is Split.Pairs && random.Chance(ProbeShare);
        for (var i = 0; i < 40; i++)
        {
            var second = random.Pick(s_ui);
            if (second != first && HeldOut.Pair(first, second) == probe)
                return second;
        }

        return null;
    }

    /// <summary>The icons that a theme may show, in random order; of the split's own ones first about half.</summary>
    public List<string> Icons(SeededRandom random, Theme theme)
    {
        var usual = random.Shuffled(IconShapes.Names.Where(i => !HeldOut.Icon(i, theme.Name)));
        if (split is not Split.Icons)
            return usual;
        foreach (var icon in IconShapes.Names.Where(i => HeldOut.Icon(i, theme.Name)))
            usual.Insert(random.Below(8), icon);
        return usual;
    }

    public bool MayUseLayout(string key) => HeldOut.Layout(key) == (split is Split.Layouts);
}
