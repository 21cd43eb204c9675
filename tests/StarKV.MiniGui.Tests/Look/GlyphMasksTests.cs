using SkiaSharp;
using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Tests.Look;

public sealed class GlyphMasksTests
{
    private const int Width = 180, Height = 40;

    public static TheoryData<int> AllFonts { get; } = [.. Enumerable.Range(0, Fonts.Names.Count)];

    [Theory]
    [MemberData(nameof(AllFonts))]
    public void Words_get_the_pixels_that_Skia_gives_them(int font)
    {
        var random = new SeededRandom(7, (ulong)font);
        for (var trial = 0; trial < 150; trial++)
        {
            var type = Fonts.Get(font, random.Between(Fonts.MinSize, Fonts.MaxSize));
            var text = new string([.. Enumerable.Range(0, random.Between(1, 14)).Select(_ => (char)random.Between(' ', '~'))]);
            // Some lines leave the picture on every side.
            var (x, baseline) = (random.Between(-30, Width), random.Between(-5, Height + 15));
            var (ink, paper) = (Colour(random), Colour(random));
            using var expected = Drawn(paper, canvas =>
            {
                using var paint = new SKPaint { IsAntialias = true, Color = ink };
                canvas.DrawText(text, x, baseline, SKTextAlign.Left, type.Font, paint);
            });
            using var given = Drawn(paper, _ => { });
            type.Masks.Draw(text, given.GetPixelSpan(), Width, x, baseline, ink);
            Assert.True(expected.GetPixelSpan().SequenceEqual(given.GetPixelSpan()), $"'{text}' at ({x}, {baseline}) in {Fonts.Names[font]} {type.Font.Size}, {ink} on {paper}");
        }
    }

    private static SKBitmap Drawn(SKColor paper, Action<SKCanvas> draw)
    {
        var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(paper);
        draw(canvas);
        return bitmap;
    }

    private static SKColor Colour(SeededRandom random) => new((byte)random.Below(256), (byte)random.Below(256), (byte)random.Below(256));
}
