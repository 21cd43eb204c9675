using System.Globalization;
using SkiaSharp;
using StarKV.Files;
using StarKV.Runtime;

namespace StarKV.Input;

/// <summary>PNG, JPEG or WebP bytes to RGB pixels, with no colour management: the bytes equal those that PIL reads.</summary>
internal static class ImageDecoder
{
    /// <summary>Decodes one upright RGB image, row-major, 3 bytes per pixel.</summary>
    /// <exception cref="StarKvException">Not a still PNG, JPEG or WebP, beyond <paramref name="limits"/>, or damaged.</exception>
    public static (byte[] Rgb, int Width, int Height) Decode(byte[] file, string name, ImageLimits limits, Transparency transparency)
    {
        limits.CheckFile(name, file.Length);
        if (!ImageSignature.IsSupported(file) && StandIn.Of(file) is { } instead)
            throw new StarKvException($"screenshot '{name}' {instead}");
        if (!ImageSignature.IsSupported(file))
            throw new StarKvException($"screenshot '{name}' is not a PNG, JPEG or WebP image (whatever its name says). Convert it to PNG.");

        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data)
            ?? throw new StarKvException($"screenshot '{name}' has a damaged header and cannot be decoded. Save it again.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        limits.CheckSize(name, width, height);
        if (codec.FrameCount > 1 || (ImageSignature.IsPng(file) && PngFrames.Count(file) > 1))
            throw new StarKvException($"screenshot '{name}' is animated; one frame is accepted. Save the frame you mean as PNG.");

        return MemoryShortage.Guard(
            string.Create(CultureInfo.InvariantCulture, $"the {width}×{height} px of screenshot '{name}'"),
            "Downscale it, or free what other requests and programs hold.",
            () => Orientation.Apply(ReadRgb(codec, name, transparency), width, height, ExifOrientation.Of(file)));
    }

    private static unsafe byte[] ReadRgb(SKCodec codec, string name, Transparency transparency)
    {
        // A null colour space asks for the stored numbers; any other would convert from the embedded profile.
        var opaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888,
            opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul, null);
        var rgba = GC.AllocateUninitializedArray<byte>(checked((int)info.BytesSize64));
        SKCodecResult result;
        fixed (byte* pixels = rgba)
            result = codec.GetPixels(info, (nint)pixels);
        if (result != SKCodecResult.Success)
            throw new StarKvException(result == SKCodecResult.IncompleteInput
                ? $"screenshot '{name}' is truncated: its end is missing. Save or transfer it again."
                : $"screenshot '{name}' is damaged and cannot be decoded ({result}). Save it again.");

        var rgb = GC.AllocateUninitializedArray<byte>(rgba.Length / 4 * 3);
        var (fromRow, toRow) = (info.Width * 4, info.Width * 3);
        var composite = !opaque && transparency == Transparency.OverWhite;
        Parallel.For(0, info.Height, y =>
        {
            var from = rgba.AsSpan(y * fromRow, fromRow);
            var to = rgb.AsSpan(y * toRow, toRow);
            if (composite)
                PixelRows.CompositeOverWhite(from, to);
            else
                PixelRows.DropAlpha(from, to);
        });
        return rgb;
    }
}
