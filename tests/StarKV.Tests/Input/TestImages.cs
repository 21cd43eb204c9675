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
    public static byte[] WithOrientation(byte[] jpeg, byte orientation) => WithExif(jpeg, [.. "Exif\0\0"u8, .. Exif(orientation)]);

    /// <summary>Puts a segment APP1 behind the start of a JPEG.</summary>
    public static byte[] WithExif(byte[] jpeg, byte[] block) =>
        [.. jpeg[..2], 0xFF, 0xE1, (byte)((block.Length + 2) >> 8), (byte)(block.Length + 2), .. block, .. jpeg[2..]];

    /// <summary>An EXIF block whose one entry is the orientation, a short.</summary>
    public static byte[] Exif(byte orientation, bool little = false) => little
        ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
        : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    /// <summary>A WebP of four quarters with an EXIF block, which its header announces.</summary>
    public static byte[] WebpWithExif(int width, int height, byte[] block, bool announced = true) =>
        Webp([.. Chunk("VP8X", [(byte)(announced ? 8 : 0), 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0]), .. StillWebp(width, height), .. Chunk("EXIF", block)]);

    /// <summary>An animated WebP of equal frames, two unless told otherwise.</summary>
    public static byte[] AnimatedWebp(int frames = 2)
    {
        byte[] frame = Chunk("ANMF", [0, 0, 0, 0, 0, 0, 7, 0, 0, 7, 0, 0, 100, 0, 0, 0, .. StillWebp(8, 8)]); // offset 0, 8×8, 100 ms
        return Webp([.. Chunk("VP8X", [2, 0, 0, 0, 7, 0, 0, 7, 0, 0]), .. Chunk("ANIM", new byte[6]), .. Enumerable.Repeat(frame, frames).SelectMany(f => f)]);
    }

    /// <summary>The chunk that holds the pixels, without loss.</summary>
    private static byte[] StillWebp(int width, int height)
    {
        using var bitmap = QuartersBitmap(width, height);
        using var pixmap = bitmap.PeekPixels();
        using var still = pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 50));
        var bytes = still!.ToArray();
        var at = bytes.AsSpan().IndexOf("VP8L"u8);
        return bytes[at..(at + 8 + (BitConverter.ToInt32(bytes, at + 4) + 1) / 2 * 2)];
    }

    private static byte[] Webp(byte[] chunks) => Chunk("RIFF", [.. "WEBP"u8, .. chunks]);

    private static byte[] Chunk(string type, byte[] data) => [.. type.Select(c => (byte)c), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[data.Length % 2]];

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
