using SkiaSharp;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>A WebP, lossy or not.</summary>
internal sealed class WebpTarget : IFuzzTarget
{
    public string Name => "webp";

    public int InputsARound => 10_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfBinary("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP", "XMP ");

    public IEnumerable<byte[]> Seeds() =>
    [
        Pictures.Of(SKEncodedImageFormat.Webp, 24, 17, quality: 80), Pictures.Of(SKEncodedImageFormat.Webp, 16, 30, quality: 100), Pictures.Of(SKEncodedImageFormat.Webp, 30, 20, quality: 60, transparent: true),
        SeedFiles.Read("tests/vectors/outside/models/images/exif6_hdr.webp"),
    ];

    public string Run(byte[] input) => Picture.Read(input);

    public long AllowedFor(byte[] input) => Picture.AllowedFor(input);
}
