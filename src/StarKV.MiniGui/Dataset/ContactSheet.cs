using SkiaSharp;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Look;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Dataset;

/// <summary>A picture for people: samples in rows, frames side by side, a question below with its target framed on its frame.</summary>
public static class ContactSheet
{
    private const int Margin = 10, MaxWidth = 1400;
    private static readonly SKColor s_mark = new(230, 30, 120);

    /// <summary>Draws the sheet.</summary>
    /// <param name="samples">What it shows; a history takes one place for each frame.</param>
    /// <returns>A PNG file's bytes.</returns>
    public static byte[] Png(IReadOnlyList<Sample> samples)
    {
        var type = Fonts.Get(0, 12);
        var places = Arrange(samples, type.LineHeight + 4);
        using var bitmap = new SKBitmap(
            places.Max(p => p.X + p.Width) + Margin, places.Max(p => p.Y + p.Height) + Margin, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var painter = new ScreenPainter();
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var pen = new SKPaint { Color = s_mark, IsStroke = true, StrokeWidth = 2 };
        canvas.Clear(new SKColor(190, 190, 190));
        foreach (var (sample, x, y, _, _) in places)
        {
            var question = sample.Questions.FirstOrDefault(q => q.NeedsEarlierFrame)
                ?? sample.Questions[(int)(sample.Seed % (ulong)sample.Questions.Count)];
            for (var i = 0; i < sample.Frames.Count; i++)
            {
                var left = x + i * (sample.Size.Width + Margin / 2);
                using var frame = SKImage.FromBitmap(painter.Peek(sample.Frames[i]));
                canvas.DrawImage(frame, left, y, SKSamplingOptions.Default);
                if (question.Frame == i && question.Target is { } box)
                    canvas.DrawRect(left + box.X - 1, y + box.Y - 1, box.Width + 2, box.Height + 2, pen);
            }

            canvas.DrawText(Caption(question), x, y + sample.Size.Height + type.Ascent + 2, SKTextAlign.Left, type.Font, ink);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static string Caption(Question question) =>
        $"{question.Kind}: {question.Instruction}" + (question.Target is null ? $" = {question.Answer}" : "");

    private static List<(Sample Sample, int X, int Y, int Width, int Height)> Arrange(IReadOnlyList<Sample> samples, int caption)
    {
        var places = new List<(Sample, int X, int Y, int Width, int Height)>();
        var x = Margin;
        var y = Margin;
        var row = 0;
        foreach (var sample in samples)
        {
            var width = sample.Frames.Count * (sample.Size.Width + Margin / 2);
            if (x > Margin && x + width > MaxWidth)
                (x, y, row) = (Margin, y + row + Margin, 0);
            places.Add((sample, x, y, width, sample.Size.Height + caption));
            (x, row) = (x + width + Margin, Math.Max(row, sample.Size.Height + caption));
        }

        return places;
    }
}
