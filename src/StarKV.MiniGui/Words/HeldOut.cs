namespace StarKV.MiniGui.Words;

/// <summary>What training never shows, decided by hashes of names, so that the choice outlives changes of lists and order.</summary>
public static class HeldOut
{
    /// <summary>True for a word that only the split <see cref="Split.Words"/> shows.</summary>
    public static bool Word(string word) => OneIn(char.IsUpper(word[0]) ? 16UL : 8UL, "word", word);

    /// <summary>True for a label of two words, in this order, that only the split <see cref="Split.Pairs"/> shows.</summary>
    public static bool Pair(string first, string second) => OneIn(8, "pair", $"{first} {second}");

    /// <summary>True for an icon that this theme shows only in the split <see cref="Split.Icons"/>.</summary>
    public static bool Icon(string icon, string theme) => OneIn(8, "icon", $"{icon} {theme}");

    /// <summary>True for an arrangement of a screen that only the split <see cref="Split.Layouts"/> shows.</summary>
    public static bool Layout(string key) => OneIn(8, "layout", key);

    // FNV-1a over the characters, then a mixing step: FNV's low bits alone are too regular.
    private static bool OneIn(ulong share, string kind, string name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in $"{kind}:{name}")
            hash = (hash ^ c) * 0x100000001B3;
        return SeededRandom.Mix(hash) % share == 0;
    }
}
