namespace StarKV.Input;

/// <summary>
/// Looks at the first bytes of a file. Only the three formats that screenshots come in reach a decoder, so a hostile file
/// cannot choose a rarely used one.
/// </summary>
internal static class ImageSignature
{
    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>True when <paramref name="file"/> begins like a PNG, a JPEG or a WebP.</summary>
    public static bool IsSupported(ReadOnlySpan<byte> file) => IsPng(file) || IsWebp(file) || file.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    /// <summary>True when <paramref name="file"/> begins like a PNG.</summary>
    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Png);

    /// <summary>True when <paramref name="file"/> begins like a WebP.</summary>
    public static bool IsWebp(ReadOnlySpan<byte> file) => file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);
}
