using StarKV.MiniGui.Layout;
using StarKV.Text;

namespace StarKV.MiniGui.Training.Data;

/// <summary>What each vision token must name in the cell loss: the first token of the word or icon in its cell, or the background's token.</summary>
/// <remarks>Nearly every word of the synthetic world is one token of the shipped vocabulary; the first one tells the others apart.</remarks>
internal sealed class CellTargets(QwenTokenizer tokenizer)
{
    private readonly Dictionary<string, long> _known = [];

    /// <value>The id that stands for background.</value>
    public long Background { get; } = tokenizer.IdOf("<|endoftext|>");

    /// <summary>One id for each cell of a screen, row by row.</summary>
    public IEnumerable<long> Of(Screen screen) => CellLabels.Of(screen).Select(name => name is null ? Background : IdOf(name));

    private long IdOf(string name)
    {
        if (!_known.TryGetValue(name, out var id))
            _known[name] = id = tokenizer.Encode(name)[0];
        return id;
    }
}
