using System.Buffers.Binary;

namespace StarKV.Input;

/// <summary>
/// Walks over the parts that a picture's file is made of. Files may hold anything: lengths that lie end the walk and throw nothing.
/// </summary>
internal static class FileParts
{
    /// <summary>The chunks of a PNG: length, kind, data, checksum. Checksums are not looked at.</summary>
    public static IEnumerable<FilePart> OfPng(byte[] file)
    {
        for (var at = 8L; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            yield return new FilePart(Slice(file, at + 4, 4), Slice(file, at + 8, length));
            at += 12L + length;
        }
    }

    /// <summary>The chunks of a WebP: kind, length, data, filled up to an even number of bytes.</summary>
    public static IEnumerable<FilePart> OfWebp(byte[] file)
    {
        for (var at = 12L; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at + 4));
            yield return new FilePart(Slice(file, at, 4), Slice(file, at + 8, length));
            at += 8L + length + length % 2;
        }
    }

    /// <summary>The segments of a JPEG before its pixels.</summary>
    public static IEnumerable<FilePart> OfJpeg(byte[] file)
    {
        const byte start = 0xFF, scan = 0xDA, end = 0xD9;
        for (var at = 2; at + 4 <= file.Length;)
        {
            var marker = file[at + 1];
            if (file[at] != start || marker == start)
            {
                // Decoders pass over stray and filling bytes.
                at++;
                continue;
            }

            if (marker is scan or end)
                yield break;
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            yield return new FilePart(Slice(file, at + 1, 1), Slice(file, at + 4, length - 2));
            at += 2 + Math.Max(length, (ushort)2);
        }
    }

    private static ReadOnlyMemory<byte> Slice(byte[] file, long start, long length)
    {
        var from = (int)Math.Min(start, file.Length);
        return file.AsMemory(from, (int)Math.Clamp(length, 0, file.Length - from));
    }
}
