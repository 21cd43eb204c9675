using SkiaSharp;

namespace StarKV.Fuzz.Seeds;

/// <summary>Small pictures in the three formats.</summary>
internal static class Pictures
{
    /// <summary>A picture of some colours, encoded.</summary>
    public static byte[] Of(SKEncodedImageFormat format, int width, int height, int quality = 90, bool transparent = false)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, transparent ? SKAlphaType.Unpremul : SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = SKColors.DarkBlue.WithAlpha(transparent ? (byte)100 : (byte)255) })
        {
            canvas.Clear(transparent ? SKColors.Transparent : SKColors.WhiteSmoke);
            canvas.DrawRect(width / 4f, height / 4f, width / 3f, height / 3f, paint);
        }

        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>A grey picture with a palette of shades, which encodes with one channel.</summary>
    public static byte[] Grey(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(24, 16, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var i = 0; i < bitmap.ByteCount; i++)
            bitmap.SetPixel(i % 24, i / 24, new SKColor((byte)i, (byte)i, (byte)i));
        using var data = bitmap.Encode(format, 80);
        return data.ToArray();
    }
}
