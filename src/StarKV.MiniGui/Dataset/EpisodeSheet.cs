using SkiaSharp;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Episodes;
using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Dataset;

/// <summary>A picture for people: an episode's screens in rows of five, below each what is asked there, the target framed.</summary>
public static class EpisodeSheet
{
    private const int Margin = 10, Across = 5;
    private static readonly SKColor s_mark = new(230, 30, 120);

    /// <summary>Draws the sheet.</summary>
    /// <param name="episodes">What it shows, one below the other; at least one.</param>
    /// <returns>A PNG file's bytes.</returns>
    public static byte[] Png(IReadOnlyList<Episode> episodes)
    {
        var type = Fonts.Get(0, 12);
        var caption = 2 * type.LineHeight + 4;
        var height = episodes.Sum(e => Rows(e) * (e.Size.Height + caption + Margin)) + Margin;
        var width = episodes.Max(e => Math.Min(Across, e.Steps.Count) * (e.Size.Width + Margin)) + Margin;
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var painter = new ScreenPainter();
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var pen = new SKPaint { Color = s_mark, IsStroke = true, StrokeWidth = 2 };
        canvas.Clear(new SKColor(190, 190, 190));
        var top = Margin;
        foreach (var episode in episodes)
        {
            foreach (var (number, step) in episode.Steps.Index())
            {
                var x = Margin + number % Across * (episode.Size.Width + Margin);
                var y = top + number / Across * (episode.Size.Height + caption + Margin);
                using var screen = SKImage.FromBitmap(painter.Peek(step.Screen));
                canvas.DrawImage(screen, x, y, SKSamplingOptions.Default);
                if (step.Question.Target is { } box)
                    canvas.DrawRect(x + box.X - 1, y + box.Y - 1, box.Width + 2, box.Height + 2, pen);
                var line = y + episode.Size.Height + type.Ascent + 2;
                canvas.DrawText(Kind(number, step), x, line, SKTextAlign.Left, type.Font, ink);
                canvas.DrawText(Text(step), x, line + type.LineHeight, SKTextAlign.Left, type.Font, ink);
            }

            top += Rows(episode) * (episode.Size.Height + caption + Margin);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static int Rows(Episode episode) => (episode.Steps.Count + Across - 1) / Across;

    private static string Kind(int number, EpisodeStep step)
    {
        var seen = step.StepsAgo > 0 ? FormattableString.Invariant($", seen {step.StepsAgo} ago") : "";
        return FormattableString.Invariant($"{number + 1} {LabelNames.Of(step.Question.Kind)}{seen}");
    }

    private static string Text(EpisodeStep step) => step.Text + (step.Question.Target is null ? $" = {step.Question.Subject}" : "");
}
