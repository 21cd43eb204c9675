using System.Buffers.Binary;

namespace StarKV.Input;

/// <summary>
/// Looks at the first bytes of a file. Only the three formats that screenshots come in reach a decoder, so a hostile file
/// cannot choose a rarely used one.
/// </summary>
internal static class ImageSignature
{
    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>True when <paramref name="file"/> begins like a PNG, a JPEG or a WebP.</summary>
    public static bool IsSupported(ReadOnlySpan<byte> file) =>
        file.StartsWith(Png)
        || file.StartsWith<byte>([0xFF, 0xD8, 0xFF])
        || (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8));

    /// <summary>True for an animated PNG, which the decoder would show as its first frame without a word.</summary>
    public static bool IsAnimatedPng(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Png))
            return false;
        // Chunks are length, type, data, checksum; the animation header must stand before the first image data.
        for (var at = 8L; at + 8 <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk[4..].StartsWith("acTL"u8))
                return true;
            if (chunk[4..].StartsWith("IDAT"u8))
                return false;
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        return false;
    }
}
