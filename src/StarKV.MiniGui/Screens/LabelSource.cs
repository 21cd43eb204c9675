using StarKV.MiniGui.Look;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Screens;

/// <summary>Labels, values and icons of one application: no label, value or toolbar icon comes twice, hidden pages included.</summary>
internal sealed class LabelSource(SeededRandom random, Vocabulary vocabulary, ScreenLook look)
{
    private readonly HashSet<string> _used = [];
    private readonly List<string> _icons = vocabulary.Icons(random, look.Theme);
    private string? _last;

    /// <summary>A new label of one or two words that is at most so many pixels wide; null when none was found.</summary>
    public string? Label(int maxWidth)
    {
        for (var i = 0; i < 16; i++)
        {
            // A word shared with the label before makes the two easy to mistake.
            var first = _last is not null && random.Chance(0.2) ? _last : vocabulary.UiWord(random);
            var second = random.Chance(0.35) ? vocabulary.SecondWord(random, first) : null;
            var label = second is null ? first : $"{first} {second}";
            if (_used.Contains(label) || look.Type.Measure(label) > maxWidth)
                continue;
            _used.Add(label);
            _last = first;
            return label;
        }

        return null;
    }

    /// <summary>As many labels as could be found, at most <paramref name="count"/>.</summary>
    public List<string> Labels(int count, int maxWidth) => [.. Enumerable.Range(0, count).Select(_ => Label(maxWidth)).OfType<string>()];

    /// <summary>A new value to type that is at most so many pixels wide; null when none was found.</summary>
    public string? Value(int maxWidth)
    {
        for (var i = 0; i < 16; i++)
        {
            var word = vocabulary.Value(random);
            if (look.Type.Measure(word) <= maxWidth && _used.Add(word))
                return word;
        }

        return null;
    }

    /// <summary>An icon that is nowhere else; null when all are taken.</summary>
    public string? Icon()
    {
        if (_icons.Count == 0)
            return null;
        var icon = _icons[0];
        _icons.RemoveAt(0);
        return icon;
    }
}
