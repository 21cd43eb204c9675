using CsCheck;
using StarKV.Input;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Layout;

/// <summary>What holds for every screen of every sample.</summary>
public sealed class ScreenTests
{
    [Fact]
    public void Everything_lies_inside_the_screen() => EveryFrame(screen =>
    {
        var all = new Box(0, 0, screen.Size.Width, screen.Size.Height);
        Assert.All(screen.Elements, e => Assert.True(all.Contains(e.Box) && (e.Target.Area == 0 || all.Contains(e.Target)), $"{e}"));
        Assert.All(screen.Marks(), m => Assert.True(all.Contains(m.Box), $"{m}"));
    });

    [Fact]
    public void Words_and_icons_lie_inside_their_element_and_never_on_one_another() => EveryFrame(screen =>
    {
        foreach (var e in screen.Elements)
        {
            var drawn = e.Kind is ElementKind.Field && e.Value == "" ? default : e.TextBox.Union(e.IconBox);
            Assert.True(drawn.Area == 0 || e.Box.Grown(1, 1).Contains(drawn), $"{e}");
        }

        // A letter may reach a pixel or two over its line.
        var marks = screen.Marks().ToList();
        for (var i = 0; i < marks.Count; i++)
            for (var j = 0; j < i; j++)
                Assert.True(marks[i].Layer != marks[j].Layer || marks[i].Box.Grown(-2, -2).Overlap(marks[j].Box.Grown(-2, -2)) == 0, $"{marks[i]} {marks[j]}");
    });

    [Fact]
    public void A_mark_follows_when_texts_write_it_behind_a_space() => EveryFrame(screen => Assert.All(screen.Marks(), mark =>
        Assert.Equal(mark.IsIcon || screen.Elements.Any(e => $"{e.Text}|{e.Value}".Contains($" {mark.Name}", StringComparison.Ordinal)
            && e.Layer == mark.Layer && !e.Text.Split(' ')[0].Equals(mark.Name, StringComparison.Ordinal) && e.TextBox.Grown(3, 3).Contains(mark.Box)), mark.Follows)));

    [Fact]
    public void Labels_and_values_are_unique() => EveryFrame(screen =>
    {
        var words = screen.Elements.Select(e => e.Text).Concat(screen.Elements.Select(e => e.Value)).Where(t => t != "").ToList();
        // A value that was typed again stands twice: beside its key, and in the field.
        var typed = screen.Elements.Where(e => e.Kind is ElementKind.Field).Select(e => e.Value).ToHashSet();
        Assert.Equal([], words.GroupBy(w => w).Where(g => g.Count() > 1 && !typed.Contains(g.Key)).Select(g => g.Key));
        Assert.Equal(screen.Elements.Count, screen.Elements.Select(e => e.Id).Distinct().Count());
    });

    [Fact]
    public void Sizes_pass_through_the_models_resizing()
    {
        IReadOnlyList<ScreenSize> all = [.. ScreenSize.Training, .. ScreenSize.Padded, .. ScreenSize.Large];
        Assert.All(all, s => Assert.Equal((s.Width, s.Height), SmartResize.Default.Fit(s.Width, s.Height)));
        Assert.All(ScreenSize.Training, s => Assert.Equal((0, 0), (s.Width % 112, s.Height % 112)));
        Assert.All(ScreenSize.Padded, s => Assert.NotEqual((0, 0), (s.Width % 112, s.Height % 112)));
    }

    [Fact]
    public void Every_kind_of_element_comes_up()
    {
        var kinds = Samples.First(150, (seed, size) => SampleGenerator.History(seed, 0, size, Order.Last)).SelectMany(s => s.Frames).SelectMany(f => f.Elements).Select(e => e.Kind).ToHashSet();
        ElementKind[] hard = [ElementKind.Block, ElementKind.Card, ElementKind.Cell];
        Assert.Equal(Enum.GetValues<ElementKind>().Except(hard), kinds.Order());
        var harder = Enum.GetValues<Challenge>().SelectMany(c => SampleGenerator.OneScreen(1, Split.Train, new(784, 560), new SampleOptions { Challenge = c }).Frames[0].Elements);
        Assert.Empty(hard.Except(harder.Select(e => e.Kind)));
    }

    [Fact]
    public void Themes_are_light_and_dark_and_can_be_read()
    {
        Assert.Equal(6, Themes.All.Count(t => t.IsDark));
        Assert.All(Enumerable.Range(0, 500), i =>
        {
            var theme = Themes.Draw(new SeededRandom((ulong)i));
            Assert.All([theme.Back, theme.Chrome, theme.Field, theme.Button, theme.Highlight], back => Assert.InRange(Contrast(back, theme.Text), 4.5, 21));
            Assert.InRange(Contrast(theme.Back, theme.Muted), 3.5, 21);
            Assert.InRange(Contrast(theme.Accent, theme.OnAccent), 3, 21);
            Assert.InRange(Contrast(theme.Back, theme.Accent), 2.8, 21);
        });
    }

    // Contrast as WCAG defines it, 1 to 21.
    private static double Contrast(SkiaSharp.SKColor a, SkiaSharp.SKColor b)
    {
        static double Linear(byte c) => c <= 10 ? c / 255.0 / 12.92 : Math.Pow((c / 255.0 + 0.055) / 1.055, 2.4);
        static double Luminance(SkiaSharp.SKColor c) => 0.2126 * Linear(c.Red) + 0.7152 * Linear(c.Green) + 0.0722 * Linear(c.Blue);
        var (x, y) = (Luminance(a) + 0.05, Luminance(b) + 0.05);
        return Math.Max(x, y) / Math.Min(x, y);
    }

    private static void EveryFrame(Action<Screen> holds) => Samples.Any.Sample(s =>
    {
        foreach (var frame in s.Frames)
            holds(frame);
    }, iter: 200, threads: 1);
}
