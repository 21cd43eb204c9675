using SkiaSharp;
using StarKV.Input;

namespace StarKV.Tests.Input;

/// <summary>Pictures of four coloured quarters: red green over blue white.</summary>
internal static class TestImages
{
    public static SKBitmap QuartersBitmap(int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        SKColor[] colours = [new(255, 0, 0), new(0, 255, 0), new(0, 0, 255), new(255, 255, 255)];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, colours[(y * 2 / height) * 2 + x * 2 / width]);
        return bitmap;
    }

    public static byte[] Quarters(SKEncodedImageFormat format, int width, int height)
    {
        using var bitmap = QuartersBitmap(width, height);
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>The colours in the middle of each quarter, row by row.</summary>
    public static string[] QuarterNames(Screenshot shot) =>
        [.. from y in new[] { 1, 3 } from x in new[] { 1, 3 } select Name(shot, shot.Width * x / 4, shot.Height * y / 4)];

    /// <summary>Puts an EXIF segment with an orientation, 1–8, behind the start of a JPEG.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2],
        0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, // big-endian TIFF, first directory at 8
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, // one entry: orientation, one short
        .. jpeg[2..],
    ];

    /// <summary>An animated WebP of two equal frames.</summary>
    public static byte[] AnimatedWebp()
    {
        using var bitmap = QuartersBitmap(8, 8);
        using var pixmap = bitmap.PeekPixels();
        using var still = pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 50));
        var bytes = still!.ToArray();
        var at = bytes.AsSpan().IndexOf("VP8L"u8);
        var image = bytes[at..(at + 8 + (BitConverter.ToInt32(bytes, at + 4) + 1) / 2 * 2)];
        byte[] frame = [0, 0, 0, 0, 0, 0, 7, 0, 0, 7, 0, 0, 100, 0, 0, 0, .. image]; // offset 0, 8×8, 100 ms
        byte[] body = [.. "WEBP"u8, .. Chunk("VP8X", [2, 0, 0, 0, 7, 0, 0, 7, 0, 0]), .. Chunk("ANIM", new byte[6]), .. Chunk("ANMF", frame), .. Chunk("ANMF", frame)];
        return Chunk("RIFF", body);

        static byte[] Chunk(string type, byte[] data) => [.. type.Select(c => (byte)c), .. BitConverter.GetBytes(data.Length), .. data];
    }

    private static string Name(Screenshot shot, int x, int y)
    {
        var p = shot.Rgb.AsSpan((y * shot.Width + x) * 3, 3);
        return (p[0] > 128, p[1] > 128, p[2] > 128) switch
        {
            (true, false, false) => "red",
            (false, true, false) => "green",
            (false, false, true) => "blue",
            (true, true, true) => "white",
            _ => "other",
        };
    }
}
