using System.Buffers.Binary;
using Parquet.Meta;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>Compares what a parquet file announces with what it has, before a library believes it and makes room for gigabytes.</summary>
/// <remarks>Source: parquet-format of Apache Parquet, its Thrift definitions.</remarks>
internal static class ParquetBounds
{
    /// <summary>Most bytes of the footer: the largest that was met has some hundred thousand.</summary>
    public const int MaxFooterBytes = 16 << 20;

    // Apart from these a column may have as many bytes as the whole file, packed or not, and a value for every 64 bytes of it.
    private const long FreeBytes = 8L << 20, FreeValues = 1L << 17, FileBytesPerValue = 64;

    private const int TailBytes = 8, MagicBytes = 4, MaxHeaderBytes = 64 << 10;

    /// <summary>Checks the footer.</summary>
    /// <exception cref="InvalidDataException">It is none, or announces more than it has.</exception>
    public static void CheckFooter(FileStream file)
    {
        Span<byte> tail = stackalloc byte[TailBytes];
        var max = file.Length - TailBytes - MagicBytes;
        if (max < 0 || !Read(file, file.Length - TailBytes, tail)[MagicBytes..].SequenceEqual("PAR1"u8))
            throw new InvalidDataException("it does not end as a parquet file does.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length < 1 || length > Math.Min(max, MaxFooterBytes))
        {
            throw CompactThrift.Bad(
                $"it announces a footer of {length:N0} bytes; the file leaves room for {max:N0}, and the limit is {MaxFooterBytes:N0}.");
        }

        CompactThrift.Walk(Read(file, file.Length - TailBytes - length, new byte[length]), ParquetShapes.Footer);
        file.Position = 0;
    }

    /// <summary>Checks all pages of a column in a row group.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">What the footer says of it.</param>
    /// <returns>Where its pages end.</returns>
    /// <exception cref="InvalidDataException">A page announces more than the file can hold.</exception>
    public static long CheckColumn(FileStream file, ColumnMetaData column)
    {
        var start = column.DataPageOffset;
        if (column.DictionaryPageOffset is > 0 and var dictionary && dictionary < start)
            start = dictionary;
        var size = column.TotalCompressedSize;
        if (start < MagicBytes || start > file.Length || size < 0 || size > file.Length - start)
            throw CompactThrift.Bad($"a column of {size:N0} bytes from byte {start:N0} on is not inside the file of {file.Length:N0}.");
        var end = start + size;
        var (mostBytes, mostValues) = (file.Length + FreeBytes, FreeValues + file.Length / FileBytesPerValue);
        CheckCount(column.NumValues);
        var bytes = 0L;
        var head = new byte[MaxHeaderBytes];
        for (var at = start; at < end;)
        {
            var (length, numbers) =
                CompactThrift.Walk(Read(file, at, head.AsSpan(0, (int)Math.Min(head.Length, end - at))), ParquetShapes.Page);
            var page = new Page(numbers);
            at += length;
            if (page.Packed < 0 || page.Unpacked < 0 || page.Packed > end - at)
            {
                throw CompactThrift.Bad(
                    $"a page announces {page.Packed:N0} bytes, {page.Unpacked:N0} unpacked, where {end - at:N0} are left of its column.");
            }

            CheckSnappy(file, column.Codec, at, page);
            bytes += page.Unpacked;
            CheckCount(page.Values);
            if (bytes > mostBytes)
            {
                throw CompactThrift.Bad(
                    $"the pages of a column announce {bytes:N0} bytes unpacked; the "
                        + $"limit is {mostBytes:N0}, the length of the file and {FreeBytes:N0}.");
            }

            at += page.Packed;
        }

        return end;

        void CheckCount(long count)
        {
            if (count >= 0 && count <= mostValues)
                return;
            throw CompactThrift.Bad(
                $"a column announces {count:N0} values; the limit is {mostValues:N0}, one "
                    + $"for every {FileBytesPerValue} bytes of the file and {FreeValues:N0}.");
        }
    }

    // Snappy's own length is what room is made for, whatever the page says.
    private static void CheckSnappy(FileStream file, CompressionCodec codec, long at, Page page)
    {
        if (codec is not CompressionCodec.SNAPPY || page.Packed <= page.Levels || page.Levels < 0)
            return;
        Span<byte> head = stackalloc byte[5];
        var (length, shift) = (0L, 0);
        foreach (var next in Read(file, at + page.Levels, head[..(int)Math.Min(head.Length, page.Packed - page.Levels)]))
        {
            length |= (long)(next & 127) << shift;
            shift += 7;
            if (next < 128)
                break;
        }

        if (length > page.Unpacked)
            throw CompactThrift.Bad($"a page of {page.Unpacked:N0} bytes unpacked holds {length:N0}.");
    }

    private static ReadOnlySpan<byte> Read(FileStream file, long at, Span<byte> into)
    {
        file.Position = at;
        file.ReadExactly(into);
        return into;
    }

    /// <summary>What a page's header says, by the numbers of its fields.</summary>
    private readonly struct Page(IReadOnlyDictionary<(int Outer, int Field), long> numbers)
    {
        private const int OfData = 5, OfDictionary = 7, OfNewerData = 8;

        public long Unpacked => Number(0, 2);

        public long Packed => Number(0, 3);

        public long Values => Math.Max(Number(OfData, 1), Math.Max(Number(OfDictionary, 1), Number(OfNewerData, 1)));

        /// <summary>Bytes that are never packed, before those that are.</summary>
        public long Levels => Number(OfNewerData, 5) + Number(OfNewerData, 6);

        private long Number(int outer, int field) => numbers.GetValueOrDefault((outer, field));
    }
}
