using SkiaSharp;
using StarKV.Fuzz.Run;
using StarKV.Input;

namespace StarKV.Fuzz.Targets;

/// <summary>What the three formats of pictures have in common.</summary>
/// <remarks>
/// A few bytes may hold 64 MP, which is a documented limit, so a picture's size is that of its pixels as they are read: 4 bytes a pixel as decoded,
/// 3 as RGB, 3 more when it is turned, all of them managed arrays. What the decoder itself allocates is native and not counted; the workers' memory bounds it.
/// </remarks>
internal static class Picture
{
    private const int BytesAPixel = 4 + 3 + 3;

    /// <summary>Decodes a picture.</summary>
    public static string Read(byte[] input)
    {
        var screen = Screenshot.Decode(input);
        BrokenPromiseException.Unless(screen.Rgb.LongLength == 3L * screen.Width * screen.Height, "the pixels are not width × height");
        return $"{Math.ILogB(screen.Width)} {Math.ILogB(screen.Height)} {screen.Rgb.AsSpan().ContainsAnyExcept(screen.Rgb[0])}";
    }

    /// <summary>Bytes that decoding a picture may allocate.</summary>
    public static long AllowedFor(byte[] input)
    {
        using var data = SKData.CreateCopy(input);
        using var codec = SKCodec.Create(data);
        var pixels = codec is null ? 0 : (long)codec.Info.Width * codec.Info.Height;
        return 4L * input.Length + IFuzzTarget.AllowedBytes + BytesAPixel * (pixels <= ImageLimits.Default.MaxPixels ? pixels : 0);
    }
}
