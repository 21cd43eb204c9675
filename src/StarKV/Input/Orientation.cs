using SkiaSharp;

namespace StarKV.Input;

/// <summary>Turns an image upright as its EXIF orientation asks; phone screenshots and photographs carry one.</summary>
internal static class Orientation
{
    /// <summary>Returns the upright pixels and size; the same array when nothing is to be done.</summary>
    public static (byte[] Rgb, int Width, int Height) Apply(byte[] rgb, int width, int height, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
            return (rgb, width, height);

        // The name says where the stored first row and first column are in the upright picture.
        var swapped = origin is SKEncodedOrigin.LeftTop
            or SKEncodedOrigin.RightTop
            or SKEncodedOrigin.RightBottom
            or SKEncodedOrigin.LeftBottom;
        var (w, h) = swapped ? (height, width) : (width, height);
        var flipX = origin is SKEncodedOrigin.TopRight
            or SKEncodedOrigin.BottomRight
            or SKEncodedOrigin.RightTop
            or SKEncodedOrigin.RightBottom;
        var flipY = origin is SKEncodedOrigin.BottomRight
            or SKEncodedOrigin.BottomLeft
            or SKEncodedOrigin.RightBottom
            or SKEncodedOrigin.LeftBottom;
        var upright = GC.AllocateUninitializedArray<byte>(rgb.Length);
        Parallel.For(0, height, y =>
        {
            for (var x = 0; x < width; x++)
            {
                var (toX, toY) = swapped ? (y, x) : (x, y);
                toX = flipX ? w - 1 - toX : toX;
                toY = flipY ? h - 1 - toY : toY;
                rgb.AsSpan((y * width + x) * 3, 3).CopyTo(upright.AsSpan((toY * w + toX) * 3));
            }
        });
        return (upright, w, h);
    }
}
