using SkiaSharp;
using StarKV.Files;
using StarKV.Reports.Overlays;

namespace StarKV.MiniGui.Training.Report;

/// <summary>Draws a training log: losses above, accuracies on unseen samples below, both over minutes.</summary>
public static class TrainingPlot
{
    private const int Width = 1000, Height = 720, Left = 60, Right = 190, Top = 30, Gap = 60;

    private const double MaxLoss = 1e6;

    private static readonly string[] s_losses = ["answerLoss", "cellLoss", "placeLoss", "alignLoss"];

    private static readonly SKColor[] s_colours =
        [
            new(0xFF1F77B4), new(0xFFD62728), new(0xFF2CA02C), new(0xFF9467BD), new(0xFFFF7F0E), new(0xFF17BECF), new(0xFF8C564B),
            new(0xFFE377C2), new(0xFF7F7F7F), new(0xFFBCBD22), new(0xFF1F3FB4), new(0xFF005F20),
        ];

    /// <summary>Draws the log.</summary>
    /// <param name="log">A <c>log.jsonl</c>; lines that are not complete objects are left out.</param>
    /// <param name="path">A PNG or, by its ending, an SVG file.</param>
    /// <exception cref="StarKvException">
    /// The log holds nothing to draw, a line of it is none of a training log, or the picture cannot be written.
    /// </exception>
    public static void Draw(string log, string path)
    {
        var (losses, shares) = Read(log);
        if (losses.Count == 0)
            throw new StarKvException($"{log} holds no losses to draw.");
        using var stream = new MemoryStream();
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            // The picture ends when the canvas does.
            using var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), stream);
            Draw(canvas, losses, shares);
        }
        else
        {
            using var bitmap = new SKBitmap(Width, Height);
            using (var canvas = new SKCanvas(bitmap))
                Draw(canvas, losses, shares);
            bitmap.Encode(stream, SKEncodedImageFormat.Png, 100);
        }

        AtomicFile.Write(path, stream.ToArray(), "picture");
    }

    private static (SortedDictionary<string, List<SKPoint>> Losses, SortedDictionary<string, List<SKPoint>> Shares) Read(string log)
    {
        var (losses, shares) = (
            new SortedDictionary<string, List<SKPoint>>(StringComparer.Ordinal),
            new SortedDictionary<string, List<SKPoint>>(StringComparer.Ordinal));
        foreach (var (number, text) in JsonFile.Lines(PlainFile.ReadAllBytes(log)).Where(l => l.Text.Span is [(byte)'{', .., (byte)'}']))
        {
            var line = JsonFile.Parse(text, $"line {number} of {log}");
            var minutes = line.Has("seconds") ? (float)(line.Number("seconds", 0, 0, 1e9) / 60) : throw line.Missing("seconds");
            foreach (var name in s_losses.Where(line.Has))
                Add(losses, name, minutes, line.Number(name, 0, -MaxLoss, MaxLoss));
            if (line.Object("heldOut") is not { } heldOut)
                continue;
            foreach (var name in heldOut.Names)
            {
                var share = heldOut.RequiredObject(name);
                Add(shares, name, minutes, share.Has("right") ? share.Number("right", 0, 0, 1) : throw share.Missing("right"));
            }
        }

        return (losses, shares);

        static void Add(SortedDictionary<string, List<SKPoint>> to, string name, float x, double y)
        {
            if (!to.TryGetValue(name, out var points))
                to[name] = points = [];
            points.Add(new SKPoint(x, (float)y));
        }
    }

    private static void Draw(
        SKCanvas canvas, SortedDictionary<string, List<SKPoint>> losses, SortedDictionary<string, List<SKPoint>> shares)
    {
        canvas.Clear(SKColors.White);
        var half = (Height - Top - 2 * Gap) / 2;
        var end = Math.Max(0.1f, losses.Values.Concat(shares.Values).Max(p => p[^1].X));
        Panel(
            canvas,
            "loss",
            losses,
            new SKRect(Left, Top, Width - Right, Top + half),
            end,
            Math.Max(0.1f, losses.Values.Max(p => p.Max(q => q.Y))));
        Panel(
            canvas,
            "right answers, unseen samples",
            shares,
            new SKRect(Left, Top + half + Gap, Width - Right, Top + 2 * half + Gap),
            end,
            1);
    }

    private static void Panel(
        SKCanvas canvas, string title, SortedDictionary<string, List<SKPoint>> lines, SKRect area, float endX, float endY)
    {
        using var typeface = ReportFonts.Regular();
        using var font = new SKFont(typeface, 13);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var grid = new SKPaint { Color = new SKColor(0xFFDDDDDD), IsAntialias = true };
        canvas.DrawText(title, area.Left, area.Top - 8, SKTextAlign.Left, font, ink);
        for (var i = 0; i <= 5; i++)
        {
            var (x, y) = (area.Left + area.Width * i / 5, area.Bottom - area.Height * i / 5);
            canvas.DrawLine(area.Left, y, area.Right, y, grid);
            canvas.DrawText((endY * i / 5).ToString("0.##", null), 18, y + 4, SKTextAlign.Left, font, ink);
            canvas.DrawText((endX * i / 5).ToString("0.# min", null), x - 12, area.Bottom + 18, SKTextAlign.Left, font, ink);
        }

        var number = 0;
        foreach (var (name, points) in lines)
        {
            using var pen = new SKPaint
            {
                Color = s_colours[number % s_colours.Length].WithAlpha(255),
                StrokeWidth = 1.6f,
                Style = SKPaintStyle.Stroke,
                IsAntialias = true,
            };
            using var path = new SKPathBuilder();
            for (var i = 0; i < points.Count; i++)
            {
                var at = new SKPoint(
                    area.Left + area.Width * points[i].X / endX, area.Bottom - area.Height * Math.Clamp(points[i].Y / endY, 0, 1));
                if (i == 0)
                    path.MoveTo(at);
                else
                    path.LineTo(at);
            }

            using var line = path.Detach();
            canvas.DrawPath(line, pen);
            var y = area.Top + 14 + 20 * number++;
            canvas.DrawLine(area.Right + 10, y - 4, area.Right + 30, y - 4, pen);
            canvas.DrawText(FormattableString.Invariant($"{name} {points[^1].Y:0.###}"), area.Right + 36, y, SKTextAlign.Left, font, ink);
        }
    }
}
