using SkiaSharp;
using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Draw;

/// <summary>The few strokes that everything is drawn with. Opaque fills; corners, icons and words are antialiased.</summary>
internal sealed class Brush : IDisposable
{
    private readonly SKPaint _flat = new() { IsAntialias = false };
    private readonly SKPaint _smooth = new() { IsAntialias = true };
    private readonly SKPaint _pen = new()
    {
        IsAntialias = true,
        IsStroke = true,
        StrokeJoin = SKStrokeJoin.Round,
        StrokeCap = SKStrokeCap.Round,
    };
    private SKCanvas _canvas = null!;
    private SKBitmap _bitmap = null!;

    /// <summary>Where the next strokes go: a canvas and the RGBA bitmap that it draws on.</summary>
    public void On(SKCanvas canvas, SKBitmap bitmap) => (_canvas, _bitmap) = (canvas, bitmap);

    public void Fill(Box box, SKColor colour)
    {
        _flat.Color = colour;
        _canvas.DrawRect(box.X, box.Y, box.Width, box.Height, _flat);
    }

    /// <summary>A box with rounded corners and an edge inside it, <paramref name="edge"/> pixels wide.</summary>
    public void Framed(Box box, float corner, SKColor fill, SKColor line, int edge)
    {
        if (edge > 0)
            Rounded(box, corner, line);
        Rounded(box.Grown(-edge, -edge), Math.Max(0, corner - edge), fill);
    }

    public void Text(string text, Box line, Typesetter type, SKColor colour)
    {
        // Skia draws at once, so that the background of the words is in the bitmap.
        type.Masks.Draw(text, _bitmap.GetPixelSpan(), _bitmap.Width, line.X, line.Y + type.Ascent, colour);
    }

    public void Icon(IconShapes.Shape shape, Box box, SKColor colour)
    {
        _canvas.Save();
        _canvas.Translate(box.X, box.Y);
        _canvas.Scale(box.Width / (float)IconShapes.Field);
        _smooth.Color = _pen.Color = colour;
        _pen.StrokeWidth = shape.Pen;
        if (shape.Fill is not null)
            _canvas.DrawPath(shape.Fill, _smooth);
        if (shape.Stroke is not null)
            _canvas.DrawPath(shape.Stroke, _pen);
        _canvas.Restore();
    }

    public void Dispose()
    {
        _flat.Dispose();
        _smooth.Dispose();
        _pen.Dispose();
    }

    private void Rounded(Box box, float corner, SKColor colour)
    {
        if (corner <= 0)
        {
            Fill(box, colour);
            return;
        }

        _smooth.Color = colour;
        _canvas.DrawRoundRect(box.X, box.Y, box.Width, box.Height, corner, corner, _smooth);
    }
}
