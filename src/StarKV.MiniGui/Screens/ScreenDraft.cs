using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Screens;

/// <summary>A screen while it is being put together: its choices, its look, its elements so far.</summary>
internal sealed class ScreenDraft(SeededRandom random, Vocabulary vocabulary, ScreenSize size)
{
    private int _groups;

    public SeededRandom Random { get; } = random;

    public ScreenSize Size { get; } = size;

    public ScreenLook Look { get; } = ScreenLook.Draw(random, size.Width);

    public Vocabulary Vocabulary { get; } = vocabulary;

    public List<Element> Elements { get; } = [];

    /// <summary>The tab page that new elements belong to; −1 is every page.</summary>
    public int Page { get; set; } = -1;

    public LabelSource Labels => field ??= new LabelSource(Random, Vocabulary, Look);

    public int NewGroup() => _groups++;

    public void Add(Element element) => Elements.Add(element with { Id = Elements.Count, Page = Page });
}
