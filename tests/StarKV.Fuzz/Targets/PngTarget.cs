using System.Buffers.Binary;
using System.IO.Hashing;
using SkiaSharp;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Targets;

/// <summary>A PNG; in three of four inputs the checksums are put right.</summary>
internal sealed class PngTarget : IFuzzTarget
{
    private const int SignatureBytes = 8, ChunkBytes = 12;

    public string Name => "png";

    public int InputsARound => 20_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfBinary("IHDR", "IDAT", "IEND", "PLTE", "tRNS", "eXIf", "acTL", "fcTL", "fdAT", "iCCP", "gAMA", "sRGB", "zTXt", "Exif\0\0II*\0", "MM\0*");

    public IEnumerable<byte[]> Seeds() =>
    [
        Pictures.Of(SKEncodedImageFormat.Png, 20, 12), Pictures.Of(SKEncodedImageFormat.Png, 9, 33, transparent: true), Pictures.Grey(SKEncodedImageFormat.Png),
        SeedFiles.Read("tests/vectors/outside/models/images/apng1.png"), SeedFiles.Read("tests/vectors/outside/models/images/exif6.png"),
    ];

    public byte[] Repair(byte[] changed, SeededRandom random)
    {
        if (random.Chance(0.25))
            return changed;
        var copy = changed.ToArray();
        for (var at = (long)SignatureBytes; at + ChunkBytes <= copy.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(copy.AsSpan((int)at));
            if (at + ChunkBytes + length > copy.Length)
                break;
            var end = (int)(at + SignatureBytes + length);
            BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(end), Crc32.HashToUInt32(copy.AsSpan((int)at + 4, (int)length + 4)));
            at += ChunkBytes + length;
        }

        return copy;
    }

    public string Run(byte[] input) => Picture.Read(input);

    public long AllowedFor(byte[] input) => Picture.AllowedFor(input);
}
