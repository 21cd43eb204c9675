using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace StarKV.Reports.Inspect.Page;

/// <summary>A picture with one pixel for each cell of a screenshot, as a data URI; pages enlarge it without smoothing.</summary>
internal static class CellImage
{
    private static readonly ConditionalWeakTable<Input.Screenshot, string> s_screens = [];

    /// <summary>Encodes cells, row by row.</summary>
    /// <param name="rows">Rows of cells.</param>
    /// <param name="columns">Columns of cells.</param>
    /// <param name="colour">The colour of each cell.</param>
    public static string Of(int rows, int columns, Func<int, SKColor> colour)
    {
        var pixels = new byte[rows * columns * 4];
        for (var cell = 0; cell < rows * columns; cell++)
        {
            var c = colour(cell);
            (pixels[cell * 4], pixels[cell * 4 + 1], pixels[cell * 4 + 2], pixels[cell * 4 + 3]) = (c.Red, c.Green, c.Blue, c.Alpha);
        }

        return Uri(pixels, columns, rows, SKAlphaType.Unpremul, SKEncodedImageFormat.Png);
    }

    /// <summary>A screenshot in its own pixels, as WebP at quality 85; encoded once, and forgotten with the screenshot.</summary>
    public static string Of(Input.Screenshot screen) => s_screens.GetValue(screen, Encoded);

    private static string Encoded(Input.Screenshot screen)
    {
        var pixels = new byte[screen.Width * screen.Height * 4];
        for (var i = 0; i < screen.Width * screen.Height; i++)
        {
            screen.Rgb.AsSpan(i * 3, 3).CopyTo(pixels.AsSpan(i * 4));
            pixels[i * 4 + 3] = 255;
        }

        return Uri(pixels, screen.Width, screen.Height, SKAlphaType.Opaque, SKEncodedImageFormat.Webp);
    }

    private static string Uri(byte[] rgba, int width, int height, SKAlphaType alpha, SKEncodedImageFormat format)
    {
        var pin = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            using var image = SKImage.FromPixelCopy(
                new SKImageInfo(width, height, SKColorType.Rgba8888, alpha), pin.AddrOfPinnedObject(), width * 4);
            using var data = image.Encode(format, 85);
            return $"data:image/{(format == SKEncodedImageFormat.Png ? "png" : "webp")};base64,{Convert.ToBase64String(data.Span)}";
        }
        finally
        {
            pin.Free();
        }
    }
}
