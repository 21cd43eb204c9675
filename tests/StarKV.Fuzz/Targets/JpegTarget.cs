using SkiaSharp;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>A JPEG.</summary>
internal sealed class JpegTarget : IFuzzTarget
{
    public string Name => "jpeg";

    public int InputsARound => 10_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfBinary("Exif\0\0II*\0", "Exif\0\0MM\0*", "JFIF", "Adobe", "ICC_PROFILE\0");

    public IEnumerable<byte[]> Seeds()
    {
        var plain = Pictures.Of(SKEncodedImageFormat.Jpeg, 24, 17);
        yield return plain;
        yield return Pictures.Of(SKEncodedImageFormat.Jpeg, 8, 40, quality: 20);
        yield return Pictures.Grey(SKEncodedImageFormat.Jpeg);
        // Orientation 6 in a segment APP1 behind the start of the file.
        byte[] exif = [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        yield return [.. plain[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. plain[2..]];
    }

    public string Run(byte[] input) => Picture.Read(input);

    public long AllowedFor(byte[] input) => Picture.AllowedFor(input);
}
