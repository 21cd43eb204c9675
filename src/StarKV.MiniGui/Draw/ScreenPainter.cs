using System.Security.Cryptography;
using SkiaSharp;
using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Draw;

/// <summary>
/// Draws screens. Keeps its bitmap and paints from one screen to the next, so each thread needs a separate painter. Not thread-safe.
/// Equal screens give equal pixels on every machine: embedded fonts, no hinting, opaque colours only.
/// </summary>
public sealed class ScreenPainter : IDisposable
{
    private readonly ElementPainter _elements = new();
    private SKBitmap _bitmap = new();
    private SKCanvas? _canvas;

    /// <summary>Draws a screen and lends its pixels until the next call.</summary>
    /// <returns>The bitmap, of the screen's size, RGBA with opaque alpha. Do not dispose it.</returns>
    public SKBitmap Peek(Screen screen)
    {
        if (_bitmap.Width != screen.Size.Width || _bitmap.Height != screen.Size.Height)
        {
            _canvas?.Dispose();
            _bitmap.Dispose();
            _bitmap = new SKBitmap(new SKImageInfo(screen.Size.Width, screen.Size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
            _canvas = new SKCanvas(_bitmap);
        }

        _canvas!.Clear(screen.Look.Theme.Desktop);
        foreach (var element in screen.Elements)
            _elements.Paint(_canvas, _bitmap, screen.Look, element);
        return _bitmap;
    }

    /// <summary>Draws a screen into a buffer of the caller.</summary>
    /// <param name="screen">The screen.</param>
    /// <param name="rgb">Receives Height × Width × 3 bytes, row-major, red green blue, 0–255.</param>
    public void Paint(Screen screen, Span<byte> rgb)
    {
        var rgba = Peek(screen).GetPixelSpan();
        for (int from = 0, to = 0; from < rgba.Length; from += 4, to += 3)
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (rgba[from], rgba[from + 1], rgba[from + 2]);
    }

    /// <summary>Draws a screen.</summary>
    /// <returns>New bytes [Height, Width, 3], red green blue, 0–255.</returns>
    public byte[] Paint(Screen screen)
    {
        var rgb = new byte[screen.Size.Width * screen.Size.Height * 3];
        Paint(screen, rgb);
        return rgb;
    }

    /// <summary>The checksum of a picture: SHA-256 over its RGB bytes, 64 lower-case hex digits.</summary>
    public string Checksum(Screen screen) => Convert.ToHexStringLower(SHA256.HashData(Paint(screen)));

    /// <summary>Draws a screen as a PNG file's bytes.</summary>
    public byte[] Png(Screen screen)
    {
        using var data = Peek(screen).Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _canvas?.Dispose();
        _bitmap.Dispose();
        _elements.Dispose();
    }
}
