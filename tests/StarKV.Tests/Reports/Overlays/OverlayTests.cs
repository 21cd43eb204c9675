using StarKV.Input;
using StarKV.Reports.Overlays;

namespace StarKV.Tests.Reports.Overlays;

public sealed class OverlayTests : IDisposable
{
    private static readonly OverlayLegend s_legend = new("starkv", 312, 1560, 17_930_000, 89_400_000, "Click Submit", "Thought: there.\nAction: click(start_box='(5,5)')");
    private readonly string _folder = Directory.CreateTempSubdirectory("starkv-overlay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Kept_cells_keep_their_pixels_and_dropped_ones_are_darker_and_grey()
    {
        var frame = Frame(560, 420, (row, column) => column < 10 ? 1 : 0);
        var picture = Screenshot.Decode(Overlay.Render(frame, s_legend).Png);
        Assert.Equal(560, picture.Width);
        for (var y = 0; y < 420; y += 3)
            for (var x = 0; x < 560; x += 3)
            {
                var (before, after) = (Pixel(frame.Screenshot, x, y), Pixel(picture, x, y));
                if (x < 10 * 28)
                {
                    Assert.Equal(before, after);
                }
                else if (x > 10 * 28 + 3) // beyond the outline
                {
                    Assert.True(after.R < before.R / 2 && after.G < before.G / 2, $"({x}, {y}) is {after}, was {before}");
                    Assert.Equal((after.R, after.R), (after.G, after.B));
                }
            }
    }

    [Fact]
    public void A_cell_kept_by_half_the_layers_lies_between()
    {
        var frame = Frame(560, 420, (_, column) => column / 20f);
        var picture = Screenshot.Decode(Overlay.Render(frame, s_legend).Png);
        var left = Enumerable.Range(0, 20).Select(c => (double)Pixel(picture, c * 28 + 14, 14).G / Pixel(frame.Screenshot, c * 28 + 14, 14).G).ToArray();
        Assert.Equal(left.Order().ToArray(), left);
        Assert.InRange(left[10], 0.6, 0.7);
    }

    [Fact]
    public void Kept_cells_are_outlined_on_the_dropped_side()
    {
        var picture = Screenshot.Decode(Overlay.Render(Frame(560, 420, (row, column) => (row, column) == (5, 5) ? 1 : 0), s_legend).Png);
        foreach (var (x, y) in new[] { (5 * 28 - 1, 5 * 28 + 14), (6 * 28, 5 * 28 + 14), (5 * 28 + 14, 5 * 28 - 1), (5 * 28 + 14, 6 * 28) })
        {
            var p = Pixel(picture, x, y);
            Assert.True(p.R > 150 && p.B < 100, $"({x}, {y}) is {p}");
        }
    }

    [Theory]
    [InlineData(560, 420)]
    [InlineData(1920, 1080)]
    public void The_legend_stands_below_and_holds_letters(int width, int height)
    {
        var overlay = Overlay.Render(Frame(width, height, (_, _) => 1), s_legend);
        var picture = Screenshot.Decode(overlay.Png);
        Assert.Equal((overlay.Width, overlay.Height), (picture.Width, picture.Height));
        Assert.Equal(width, picture.Width);
        Assert.InRange(picture.Height - height, 80, height / 3);
        var bright = 0;
        for (var y = height; y < picture.Height; y++)
            for (var x = 0; x < width; x++)
                bright += Pixel(picture, x, y).G > 200 ? 1 : 0;
        Assert.InRange(bright, 500, (picture.Height - height) * width / 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void The_target_and_the_known_box_show_on_dark_and_light_screens(byte shade)
    {
        var plain = new byte[560 * 420 * 3];
        Array.Fill(plain, shade);
        var shot = Screenshot.FromRgb(plain, 560, 420);
        var frame = new OverlayFrame(shot, new PatchGrid(30, 40), new float[300]) { Targets = [(100, 100)], KnownBox = new PixelBox(300, 200, 400, 240) };
        var picture = Screenshot.Decode(Overlay.Render(frame, s_legend).Png);
        var (red, green) = (0, 0);
        for (var y = 0; y < 420; y++)
            for (var x = 0; x < 560; x++)
            {
                var p = Pixel(picture, x, y);
                red += p.R > 200 && p.G < 90 && x < 200 ? 1 : 0;
                green += p.G > 150 && p.R < 90 && x > 290 ? 1 : 0;
            }

        Assert.True(red > 40 && green > 150, $"{red} red and {green} green pixels");
    }

    [Fact]
    public void Small_screens_are_enlarged_by_a_whole_number()
    {
        var frame = Frame(336, 336, (_, _) => 1);
        var picture = Screenshot.Decode(Overlay.Render(frame, s_legend).Png);
        Assert.Equal(672, picture.Width);
        Assert.Equal(Pixel(frame.Screenshot, 100, 77), Pixel(picture, 201, 155));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Histories_are_laid_in_a_grid(int count)
    {
        var frames = Enumerable.Range(1, count)
            .Select(i => Frame(1920, 1080, (_, _) => 1) with { Caption = $"frame {i} of {count}" }).ToArray();
        var layout = OverlayLayout.For([.. frames.Select(_ => (1920, 1080))]);
        Assert.Equal(count == 2 ? 1 : count == 3 ? 2 : 3, layout.Columns);
        var overlay = Overlay.Render(frames, s_legend);
        Assert.InRange(overlay.Width, 480, 2100);
        Assert.InRange(overlay.Height, 480, 2100);
    }

    [Fact]
    public void Portrait_histories_stand_side_by_side() =>
        Assert.Equal(3, OverlayLayout.For([(1080, 2400), (1080, 2400), (1080, 2400)]).Columns);

    [Theory]
    [InlineData(28, 28)]
    [InlineData(1, 1)]
    [InlineData(3000, 15)]
    [InlineData(31, 997)]
    public void Odd_sizes_shares_points_and_texts_do_not_crash(int width, int height)
    {
        float[] odd = [float.NaN, float.PositiveInfinity, -1, 2, 0.5f];
        var legend = new OverlayLegend("", 0, 0, 0, long.MaxValue, "提交表单 🚀 \u0000\t e\u0301 \ud800", string.Concat(Enumerable.Repeat("long\r\n words ", 5000)));
        var frame = Frame(width, height, (row, column) => odd[(row + column) % odd.Length]) with
        {
            Targets = [(double.NaN, 1), (-1e30, 1e30), (0, 0)],
            KnownBox = new PixelBox(1e9, -5, -1e9, double.NaN),
            Caption = new string('w', 3000),
        };
        Assert.True(Overlay.Render(frame, legend).Png.Length > 100);
        Assert.True(Overlay.Render([frame, frame with { Caption = null }], legend).Png.Length > 100);
    }

    [Fact]
    public void Shares_must_fit_the_grid()
    {
        var shot = Screenshot.FromRgb(new byte[56 * 56 * 3], 56, 56);
        Assert.Contains("needs 4 shares (2×2 cells), not 3",
            Assert.Throws<StarKvException>(() => Overlay.Render(new OverlayFrame(shot, new PatchGrid(4, 4), new float[3]), s_legend)).Message, StringComparison.Ordinal);
        Assert.Throws<StarKvException>(() => Overlay.Render([], s_legend));
    }

    [Fact]
    public void Saving_replaces_the_file_and_leaves_nothing_else()
    {
        var overlay = Overlay.Render(Frame(56, 56, (_, _) => 1), s_legend);
        var path = Path.Combine(_folder, "kept.png");
        File.WriteAllText(path, "old");
        overlay.SavePng(path);
        Assert.Equal(overlay.Png, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
        overlay.SavePng(Path.Combine(_folder, "new", "x.png"));
        Assert.Equal(overlay.Png, File.ReadAllBytes(Path.Combine(_folder, "new", "x.png")));
        Assert.Contains("cannot be written", Assert.Throws<StarKvException>(() => overlay.SavePng(Path.Combine(path, "x.png"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_read_well()
    {
        Assert.Equal("312 of 1,560 tokens kept (20.0%)  ·  KV 17.1 MiB of 85.3 MiB", s_legend.Numbers);
        Assert.Equal("0 of 0 tokens kept (0.0%)  ·  KV 512 B of 1.0 KiB", new OverlayLegend("m", 0, 0, 512, 1024).Numbers);
    }

    [Fact]
    public void Long_texts_end_in_an_ellipsis_that_fits()
    {
        using var text = new OverlayText(14, SkiaSharp.SKColors.White);
        var shortened = text.Shorten("a rather long instruction 🚀 that does not fit", 120);
        Assert.EndsWith("…", shortened, StringComparison.Ordinal);
        Assert.True(text.Measure(shortened) <= 120);
        Assert.Equal("fits", text.Shorten("fits", 120));
        Assert.Equal("", text.Shorten("nothing fits here", 2));
    }

    private static OverlayFrame Frame(int width, int height, Func<int, int, float> share)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(i % 3 == 2 ? 120 : 160 + i / 7 % 90);
        var shot = Screenshot.FromRgb(rgb, width, height);
        var fit = SmartResize.Default.Fit(width, height);
        var grid = PatchGrid.FromSize(fit.Width, fit.Height);
        return new OverlayFrame(shot, grid, [.. from r in Enumerable.Range(0, grid.Rows) from c in Enumerable.Range(0, grid.Columns) select share(r, c)]);
    }

    private static (byte R, byte G, byte B) Pixel(Screenshot shot, int x, int y)
    {
        var at = (y * shot.Width + x) * 3;
        return (shot.Rgb[at], shot.Rgb[at + 1], shot.Rgb[at + 2]);
    }
}
