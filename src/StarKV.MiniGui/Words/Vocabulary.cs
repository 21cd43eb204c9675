using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Words;

/// <summary>
/// Draws words, labels and icons that a split may show; a split that holds something out shows it about half of the time.
/// </summary>
internal sealed class Vocabulary(Split split)
{
    private const double ProbeShare = 0.5;
    private static readonly string[] s_ui = [.. WordLists.Ui.Where(w => !HeldOut.Word(w))];
    private static readonly string[] s_uiHeldOut = [.. WordLists.Ui.Where(HeldOut.Word)];
    private static readonly string[] s_code = [.. WordLists.Code.Where(w => !HeldOut.Word(w))];
    private static readonly string[] s_codeHeldOut = [.. WordLists.Code.Where(HeldOut.Word)];

    public string UiWord(SeededRandom random) =>
        random.Pick(split is Split.Words && random.Chance(ProbeShare) ? s_uiHeldOut : s_ui);

    public string CodeWord(SeededRandom random) =>
        random.Pick(split is Split.Words && random.Chance(ProbeShare) ? s_codeHeldOut : s_code);

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
