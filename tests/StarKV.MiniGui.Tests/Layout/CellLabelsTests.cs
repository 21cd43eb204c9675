using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Tests.Layout;

public sealed class CellLabelsTests
{
    [Fact]
    public void A_cell_names_what_covers_most_of_it()
    {
        var look = SampleGenerator.OneScreen(1, 0, new(336, 336)).Frames[0].Look;
        Element Icon(string name, Box box, int layer = 0) => new(ElementKind.IconButton, box) { Icon = name, IconBox = box, Layer = layer };
        var screen = new Screen(new(336, 336), look, "", [
            Icon("stop", new(0, 0, 20, 20)), Icon("star", new(20, 0, 28, 28)), Icon("sun", new(280, 280, 6, 6)),
            Icon("moon", new(112, 112, 28, 28)), Icon("lock", new(140, 112, 28, 28)),
            new Element(ElementKind.Panel, new(100, 100, 40, 60)) { Layer = 1 }]);
        var cells = CellLabels.Of(screen);
        Assert.Equal(144, cells.Length);
        Assert.Equal(("stop", "star"), (cells[0]?.Name, cells[1]?.Name));
        Assert.Null(cells[10 * 12 + 10]);
        Assert.Null(cells[4 * 12 + 4]);
        Assert.Equal("lock", cells[4 * 12 + 5]?.Name);
        Assert.Equal(3, cells.Count(c => c is not null));
    }

    [Fact]
    public void Named_cells_hold_ink_and_visible_words_have_a_cell()
    {
        // A word's box also covers the strip above its small letters: a few cells get nothing but that strip.
        using var painter = new ScreenPainter();
        var (named, blank, words, found) = (0, 0, 0, 0);
        foreach (var screen in Samples.First(80, (seed, size) => SampleGenerator.History(seed, 0, size, Order.Last)).SelectMany(s => s.Frames))
        {
            var (cells, rgb, columns) = (CellLabels.Of(screen), painter.Paint(screen), screen.Size.Width / 28);
            for (var i = 0; i < cells.Length; i++)
                if (cells[i] is not null)
                    (named, blank) = (named + 1, blank + (Colours(rgb, screen.Size.Width, i % columns * 28, i / columns * 28) == 1 ? 1 : 0));
            var visible = screen.Elements.Where(e => e.Text != "" && screen.IsVisible(e)).SelectMany(e => e.Text.Split(' ')).ToHashSet();
            (words, found) = (words + visible.Count, found + visible.Intersect(cells.Select(c => c?.Name)).Count());
        }

        Assert.InRange(blank / (double)named, 0, 0.005);
        Assert.InRange(found / (double)words, 0.985, 1);
    }

    private static int Colours(byte[] rgb, int width, int x, int y)
    {
        var seen = new HashSet<(byte, byte, byte)>();
        for (var dy = 0; dy < 28; dy++)
            for (var dx = 0; dx < 28; dx++)
                seen.Add((rgb[((y + dy) * width + x + dx) * 3], rgb[((y + dy) * width + x + dx) * 3 + 1], rgb[((y + dy) * width + x + dx) * 3 + 2]));
        return seen.Count;
    }
}
