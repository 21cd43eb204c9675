using System.Buffers.Binary;
using SkiaSharp;

namespace StarKV.Input;

/// <summary>Finds how a picture's EXIF block says that it is to be turned, in all three formats alike.</summary>
/// <remarks>
/// Source: Exif 2.3, section 4.6.4 (tag 274). A PNG holds the block in
/// <c>eXIf</c>, before or after its pixels, a WebP in <c>EXIF</c>, a JPEG in a
/// segment APP1. Some writers put JPEG's <c>Exif\0\0</c> before the block in the other two as well.
/// </remarks>
internal static class ExifOrientation
{
    private const ushort Orientation = 0x0112, Short = 3, Long = 4;
    private const int EntryBytes = 12;

    private static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>The orientation of a PNG, WebP or JPEG; upright when there is none, or none that is valid.</summary>
    public static SKEncodedOrigin Of(byte[] file)
    {
        var block = ImageSignature.IsPng(file) ? FileParts.OfPng(file).FirstOrDefault(p => p.Is("eXIf"u8))
            : ImageSignature.IsWebp(file) ? OfWebp(file)
            : FileParts.OfJpeg(file).FirstOrDefault(p => p.Is([0xE1]) && p.Data.Span.StartsWith(Prefix));
        return Read(block.Data.Span);
    }

    /// <summary>Reads the tag out of a block, with or without the prefix, in either byte order.</summary>
    public static SKEncodedOrigin Read(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith(Prefix))
            block = block[Prefix.Length..];
        var little = block.StartsWith("II*\0"u8);
        if (block.Length < 8 || !(little || block.StartsWith("MM\0*"u8)))
            return SKEncodedOrigin.TopLeft;

        var directory = Number32(block[4..8], little);
        if (directory + 2 > block.Length)
            return SKEncodedOrigin.TopLeft;
        var entries = block[(int)directory..];
        var count = Number16(entries, little);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (Number16(entries, little) == Orientation)
                return Value(entries, little);
        }

        return SKEncodedOrigin.TopLeft;
    }

    // Tag, type, number of values, value.
    private static SKEncodedOrigin Value(ReadOnlySpan<byte> entry, bool little)
    {
        var value = (Number16(entry[2..], little), Number32(entry[4..8], little)) switch
        {
            (Short, 1) => Number16(entry[8..], little),
            (Long, 1) => Number32(entry[8..12], little),
            _ => 0,
        };
        return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
    }

    // A WebP says in its header whether it has the block; readers pass over one that is not announced.
    private static FilePart OfWebp(byte[] file)
    {
        const byte announced = 0x08;
        var parts = FileParts.OfWebp(file);
        var header = parts.FirstOrDefault();
        return header.Is("VP8X"u8) && header.Data.Length > 0 && (header.Data.Span[0] & announced) != 0
            ? parts.FirstOrDefault(p => p.Is("EXIF"u8))
            : default;
    }

    private static ushort Number16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static long Number32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
