using SkiaSharp;

namespace StarKV.Reports.Overlays;

/// <summary>Lines and marks over a painted frame. Each is drawn dark, light and coloured, so it shows on any screen.</summary>
internal static class OverlayMarks
{
    private static readonly SKColor s_edge = new(0xFF, 0xB3, 0x00);
    private static readonly SKColor s_target = new(0xFF, 0x1F, 0x5A);
    private static readonly SKColor s_known = new(0x00, 0xB8, 0x6B);

    /// <summary>Outlines kept cells on the side of their dropped neighbours, as strongly as the two differ.</summary>
    public static void DrawEdges(SKCanvas canvas, OverlayFrame frame, SKRect place)
    {
        var (grid, scale) = (frame.Grid, place.Width / frame.Screenshot.Width);
        var xs = Array.ConvertAll(OverlayPixels.Edges(grid.Columns, frame.Screenshot.Width), x => place.Left + x * scale);
        var ys = Array.ConvertAll(
            OverlayPixels.Edges(grid.Rows, frame.Screenshot.Height), y => place.Top + y * (place.Height / frame.Screenshot.Height));
        var line = MathF.Max(1, MathF.Round(place.Width / 1000));
        using var paint = new SKPaint();
        for (var r = 0; r < grid.Rows; r++)
            for (var c = 0; c < grid.Columns; c++)
            {
                var share = frame.Share(r, c);
                if (r > 0)
                    Fill(frame.Share(r - 1, c) - share, new SKRect(xs[c], ys[r], xs[c + 1], ys[r] + line));
                if (r < grid.Rows - 1)
                    Fill(frame.Share(r + 1, c) - share, new SKRect(xs[c], ys[r + 1] - line, xs[c + 1], ys[r + 1]));
                if (c > 0)
                    Fill(frame.Share(r, c - 1) - share, new SKRect(xs[c], ys[r], xs[c] + line, ys[r + 1]));
                if (c < grid.Columns - 1)
                    Fill(frame.Share(r, c + 1) - share, new SKRect(xs[c + 1] - line, ys[r], xs[c + 1], ys[r + 1]));
            }

        void Fill(float difference, SKRect box)
        {
            if (difference <= 0.05f)
                return;
            paint.Color = s_edge.WithAlpha((byte)(difference * 220));
            canvas.DrawRect(box, paint);
        }
    }

    /// <summary>Draws the known box and the chosen points of a frame.</summary>
    public static void DrawMarks(SKCanvas canvas, OverlayFrame frame, SKRect place)
    {
        var (sx, sy) = (place.Width / frame.Screenshot.Width, place.Height / frame.Screenshot.Height);
        if (frame.KnownBox is { } box)
            DrawKnownBox(canvas, new SKRect(X(box.Left), Y(box.Top), X(box.Right), Y(box.Bottom)), Stroke(place));
        foreach (var (x, y) in frame.Targets)
            if (double.IsFinite(x) && double.IsFinite(y))
                DrawTarget(canvas, X(x), Y(y), 5 + 4 * Stroke(place), Stroke(place));

        float X(double x) => Math.Clamp(place.Left + (float)x * sx, place.Left, place.Right);
        float Y(double y) => Math.Clamp(place.Top + (float)y * sy, place.Top, place.Bottom);
    }

    /// <summary>A ring with a crosshair; the middle stays open.</summary>
    public static void DrawTarget(SKCanvas canvas, float x, float y, float radius, float stroke) =>
        Layered(stroke, s_target, paint =>
        {
            canvas.DrawCircle(x, y, radius, paint);
            foreach (var (dx, dy) in new[] { (1, 0), (-1, 0), (0, 1), (0, -1) })
                canvas.DrawLine(x + dx * radius * 0.5f, y + dy * radius * 0.5f, x + dx * radius * 1.6f, y + dy * radius * 1.6f, paint);
        });

    /// <summary>A rectangle around the known answer, outside its pixels.</summary>
    public static void DrawKnownBox(SKCanvas canvas, SKRect box, float stroke)
    {
        box.Inflate(stroke, stroke);
        Layered(stroke, s_known, paint => canvas.DrawRect(box, paint));
    }

    private static float Stroke(SKRect place) => Math.Clamp(MathF.Min(place.Width, place.Height) / 300, 1.5f, 4);

    private static void Layered(float stroke, SKColor colour, Action<SKPaint> draw)
    {
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke };
        foreach (var (width, layer) in new[] { (stroke * 3.2f, new SKColor(0, 0, 0, 170)), (stroke * 2.2f, SKColors.White),
            (stroke * 1.2f, colour) })
        {
            (paint.StrokeWidth, paint.Color) = (width, layer);
            draw(paint);
        }
    }
}
