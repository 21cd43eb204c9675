using System.Buffers.Binary;

namespace StarKV.Tests.Input;

/// <summary>Baseline JPEGs of one colour, with channels that encoders do not write: four of them.</summary>
internal static class JpegFile
{
    private const int Side = 8, Precision = 8, Middle = 128;

    /// <summary>A picture whose channels have one value each.</summary>
    /// <param name="width">Width in pixels, a multiple of 8.</param>
    /// <param name="height">Height in pixels, a multiple of 8.</param>
    /// <param name="values">The value of each channel, as it is stored.</param>
    /// <param name="adobe">How Adobe's marker says that they are stored: 0 as they are, 2 as YCCK; null for no marker.</param>
    public static byte[] Flat(ushort width, ushort height, byte[] values, byte? adobe)
    {
        var channels = Enumerable.Range(1, values.Length).Select(i => (byte)i).ToList();
        var bits = new BitRow();
        for (var block = 0; block < width / Side * (height / Side); block++)
        {
            foreach (var value in values)
                bits.AddBlock(block == 0 ? Side * (value - Middle) : 0);
        }

        return
        [
            0xFF, 0xD8,
            .. adobe is { } transform ? Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform]) : [],
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, Side * Side)]),
            .. Segment(0xC0, [Precision, .. Two(height), .. Two(width), (byte)values.Length, .. channels.SelectMany(c => new byte[] { c, 0x11, 0 })]),
            // Twelve lengths of a difference, of four bits each; of the other coefficients only their end, of one bit.
            .. Segment(0xC4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)]),
            .. Segment(0xC4, [0x10, 1, .. new byte[15], 0]),
            .. Segment(0xDA, [(byte)values.Length, .. channels.SelectMany(c => new byte[] { c, 0x00 }), 0, 63, 0]),
            .. bits.Bytes(),
            0xFF, 0xD9,
        ];
    }

    private static byte[] Two(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, .. Two((ushort)(data.Length + 2)), .. data];

    private sealed class BitRow
    {
        private readonly List<bool> _bits = [];

        /// <summary>A block whose first coefficient differs so much from the last one's, and whose others are 0.</summary>
        public void AddBlock(int difference)
        {
            var length = 32 - int.LeadingZeroCount(Math.Abs(difference));
            Add(length, 4);
            Add(difference < 0 ? difference + (1 << length) - 1 : difference, length);
            Add(0, 1);
        }

        /// <summary>All bits, filled up with ones; a zero stands after each byte that could be a marker.</summary>
        public IEnumerable<byte> Bytes() => _bits.Chunk(8)
            .Select(c => (byte)Enumerable.Range(0, 8).Sum(i => i >= c.Length || c[i] ? 0x80 >> i : 0))
            .SelectMany(b => b == 0xFF ? new byte[] { b, 0 } : [b]);

        private void Add(int value, int count) => _bits.AddRange(Enumerable.Range(1, count).Select(i => (value >> (count - i) & 1) == 1));
    }
}
