using System.Buffers.Binary;
using System.IO.Compression;

namespace StarKV.Tests.Input;

/// <summary>Builds PNG files by hand, with any colour type, depth, size and extra chunk.</summary>
internal static class PngFile
{
    public const byte Gray = 0, Rgb = 2, Palette = 3, GrayAlpha = 4, Rgba = 6;

    /// <summary>Builds a file; <paramref name="rows"/> are the packed rows without their filter bytes, all of one length.</summary>
    public static byte[] Build(int width, int height, byte depth, byte colour, byte[][] rows, params (string Type, byte[] Data)[] extra)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n"u8, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colour);
        Chunk(file, "IHDR", header);
        foreach (var (type, data) in extra)
            Chunk(file, type, data);
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
            foreach (var row in rows)
                zlib.Write([0, .. row]);
        Chunk(file, "IDAT", pixels.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Puts a chunk into a file, before its pixels or behind them.</summary>
    public static byte[] With(byte[] png, string type, byte[] data, bool behindPixels = false)
    {
        var at = png.AsSpan().IndexOf(behindPixels ? "IEND"u8 : "IDAT"u8) - 4;
        using var chunk = new MemoryStream();
        Chunk(chunk, type, data);
        return [.. png[..at], .. chunk.ToArray(), .. png[at..]];
    }

    private static void Chunk(MemoryStream file, string type, byte[] data)
    {
        byte[] body = [.. type.Select(c => (byte)c), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }

        return ~crc;
    }
}
