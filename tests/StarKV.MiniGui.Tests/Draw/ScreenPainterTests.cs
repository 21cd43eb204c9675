using System.Globalization;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Draw;

public sealed class ScreenPainterTests
{
    private static string ListPath { get; } = RepositoryFiles.Path("tests", "StarKV.MiniGui.Tests", "Draw", "checksums.txt");

    /// <summary>The committed list: form, split, seed, size, then one checksum for each frame.</summary>
    public static TheoryData<string> Lines { get; } = [.. File.ReadAllLines(ListPath)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_seed_gives_these_pixels_on_every_machine(string line)
    {
        var parts = line.Split(' ');
        var (seed, split) = (ulong.Parse(parts[2], CultureInfo.InvariantCulture), Enum.Parse<Split>(parts[1]));
        var sides = parts[3].Split('x').Select(int.Parse).ToArray();
        var sample = parts[0] == "Single"
            ? SampleGenerator.OneScreen(seed, split, new(sides[0], sides[1]))
            : SampleGenerator.History(seed, split, new(sides[0], sides[1]), Enum.Parse<Order>(parts[0]));
        using var painter = new ScreenPainter();
        Assert.Equal(line, string.Join(' ', [.. parts[..4], .. sample.Frames.Select(painter.Checksum)]));
    }

    [Fact]
    public void The_list_covers_every_form_and_split() => Assert.Equal((3, 6, 12), (
        Lines.Select(l => l.Data.Split(' ')[0]).Distinct().Count(), Lines.Select(l => l.Data.Split(' ')[1]).Distinct().Count(), Lines.Count));

    [Fact]
    public void A_painter_that_drew_other_screens_draws_the_same()
    {
        var screens = Samples.First(20, (seed, size) => SampleGenerator.OneScreen(seed, Split.Train, size)).Select(s => s.Frames[0]).ToList();
        using var used = new ScreenPainter();
        foreach (var screen in screens)
            _ = used.Peek(screen);
        foreach (var screen in screens)
        {
            using var fresh = new ScreenPainter();
            Assert.Equal(fresh.Checksum(screen), used.Checksum(screen));
        }
    }

    [Fact]
    public void Threads_draw_what_one_thread_draws()
    {
        var samples = Samples.First(24, (seed, size) => SampleGenerator.History(seed, Split.Test, size, Order.Last)).ToList();
        static string[] Checksums(Sample sample)
        {
            using var painter = new ScreenPainter();
            return [.. sample.Frames.Select(painter.Checksum)];
        }

        var alone = samples.ConvertAll(Checksums);
        Assert.Equal(alone, samples.AsParallel().AsOrdered().WithDegreeOfParallelism(4)
            .Select(s => Checksums(SampleGenerator.History(s.Seed, s.Split, s.Size, s.Order))));
    }

    [Fact]
    public void Words_are_drawn_where_their_boxes_say()
    {
        // Only the words and icons differ between a screen and the same screen without them.
        using var painter = new ScreenPainter();
        foreach (var screen in Samples.First(60, (seed, size) => SampleGenerator.OneScreen(seed, Split.Train, size)).Select(s => s.Frames[0]))
        {
            var bare = screen with { Elements = [.. screen.Elements.Select(e => e.Kind is ElementKind.Link ? e : e with { Text = "", Value = "", Icon = null })] };
            var (full, empty) = (painter.Paint(screen), painter.Paint(bare));
            var marks = screen.Marks().Select(m => m.Box.Grown(1, 1)).ToList();
            for (var i = 0; i < full.Length; i += 3)
                if (full[i] != empty[i] || full[i + 1] != empty[i + 1] || full[i + 2] != empty[i + 2])
                    Assert.Contains(marks, m => m.Contains(i / 3 % screen.Size.Width, i / 3 / screen.Size.Width));
            foreach (var mark in screen.Marks().Where(m => !screen.Elements.Any(e => e.Kind is ElementKind.Link && e.Text.Split(' ').Contains(m.Name))))
                Assert.True(Differs(full, empty, mark.Box, screen.Size.Width), $"{mark}");
        }
    }

    [Fact]
    public void Icons_differ_from_one_another_at_the_smallest_size()
    {
        using var painter = new ScreenPainter();
        var look = ScreenLook.Draw(new SeededRandom(1), 336) with { Icon = 14, Corner = 3 };
        byte[] Picture(string icon) => painter.Paint(new Screen(new(28, 28), look, "", [new(ElementKind.Row, new(0, 0, 28, 28)) { Icon = icon, IconBox = new(7, 7, 14, 14) }]));
        var pictures = IconShapes.Names.ToDictionary(n => n, Picture);
        var close = IconShapes.Names.SelectMany(a => IconShapes.Names.Where(b => string.CompareOrdinal(a, b) < 0).Select(b => (a, b, Pixels: Differing(pictures[a], pictures[b]))));
        Assert.Equal([], close.Where(p => p.Pixels < 24));
    }

    private static int Differing(byte[] a, byte[] b) =>
        Enumerable.Range(0, a.Length / 3).Count(i => Enumerable.Range(0, 3).Any(c => Math.Abs(a[3 * i + c] - b[3 * i + c]) > 40));

    private static bool Differs(byte[] a, byte[] b, Box box, int width)
    {
        for (var y = box.Y; y < box.Bottom; y++)
            if (!a.AsSpan((y * width + box.X) * 3, box.Width * 3).SequenceEqual(b.AsSpan((y * width + box.X) * 3, box.Width * 3)))
                return true;
        return false;
    }
}
