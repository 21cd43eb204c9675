using StarKV.MiniGui.Layout;
using StarKV.Text;

namespace StarKV.MiniGui.Training.Data;

/// <summary>
/// What each vision token must name in the cell loss: the first token of the word or icon in its cell, or the background's token.
/// </summary>
/// <remarks>
/// Nearly every word of the synthetic world is one token of the shipped
/// vocabulary; the first one distinguishes the others. What texts write after
/// a space is another token there, and the cell names that one: then reading is copying, and finding is comparing equals.
/// </remarks>
internal sealed class CellTargets(QwenTokenizer tokenizer)
{
    private readonly Dictionary<(string Name, bool Follows), long> _known = [];

    /// <value>The id of the background.</value>
    public long Background { get; } = tokenizer.IdOf("<|endoftext|>");

    /// <summary>One id for each cell of a screen, row by row.</summary>
    public IEnumerable<long> Of(Screen screen) =>
        CellLabels.Of(screen).Select(mark => mark is { } shown ? IdOf((shown.Name, shown.Follows)) : Background);

    private long IdOf((string Name, bool Follows) word)
    {
        if (!_known.TryGetValue(word, out var id))
            _known[word] = id = tokenizer.Encode(word.Follows ? " " + word.Name : word.Name)[0];
        return id;
    }
}
