using StarKV.Evaluation.Benchmarks.Mind2Web;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>A parquet file of 69 KB made the program take a gigabyte: lengths in it were believed before they were compared with what is there. Reliability F9.</summary>
public sealed class ParquetLengthsThatWereBelieved : IDisposable
{
    private const int MostFreeBytes = 64 << 20;

    private static readonly byte[] s_good = File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "outside", "data", "wide-page", "test_task-00000-of-00001.parquet"));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Reads all rows and pages; the bytes that were taken for it.</summary>
    private (long Bytes, Exception? Error) Read(byte[] file)
    {
        var path = _folder.Write("test_task-00000-of-00001.parquet", file);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var error = Record.Exception(() =>
        {
            using var columns = new ParquetColumns(path);
            for (var group = 0; group < columns.Groups; group++)
                _ = columns.Bytes(group, "screenshot/bytes");
            foreach (var (row, fault, _) in new ParquetPages(path).Rows())
                Assert.True(row is not null || fault.Length > 0);
        });
        return (GC.GetTotalAllocatedBytes(precise: true) - before, error);
    }

    [Fact]
    public void A_file_as_it_should_be_is_read() => Assert.Null(Read(s_good).Error);

    [Fact]
    public void A_footer_that_announces_a_gigabyte_is_refused_before_it_is_read()
    {
        // The length of a text in the statistics of a column; the library took its lower 31 bits.
        var file = File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "outside", "hostile", "footer-1GB.parquet"));
        var (bytes, error) = Read(file);
        Assert.Contains("a length of 26,843,545,599 is announced", Assert.IsType<StarKvException>(error).Message, StringComparison.Ordinal);
        Assert.InRange(bytes, 0, 4L << 20);
    }

    [Fact]
    public void A_field_of_another_type_is_refused_since_the_library_reads_it_as_its_own()
    {
        // Field 6, a text, came as a number with a point, whose first bytes the library took for a length of 82,797,807.
        var file = File.ReadAllBytes(RepositoryFiles.Path("tests", "StarKV.Fuzz", "Corpus", "parquet", "text-that-is-a-number"));
        var (bytes, error) = Read(file);
        Assert.Contains("a field has the type Double where the format has Bytes", Assert.IsType<StarKvException>(error).Message, StringComparison.Ordinal);
        Assert.InRange(bytes, 0, 4L << 20);
    }

    [Fact]
    public void Whatever_bytes_are_changed_no_more_is_taken_than_the_file_allows()
    {
        var random = new Random(21);
        var (read, refused, most) = (0, 0, 0L);
        // Most of the file is one picture; lengths stand before it and behind it.
        var places = Enumerable.Range(0, s_good.Length).Where(i => i < 12_000 || i > s_good.Length - 12_000).ToArray();
        for (var i = 0; i < 1500; i++)
        {
            var file = s_good.ToArray();
            for (var changes = random.Next(1, 9); changes > 0; changes--)
            {
                var at = places[random.Next(places.Length)];
                for (var run = random.Next(1, 6); run > 0 && at < file.Length; run--)
                    file[at++] = random.Next(3) switch { 0 => 0xFF, 1 => 0x7F, _ => (byte)random.Next(256) };
            }

            var (bytes, error) = Read(file);
            Assert.True(error is null or StarKvException, $"{i}: {error}");
            Assert.True(bytes <= 4L * file.Length + MostFreeBytes, $"{i}: {bytes:N0} bytes; {error}");
            most = Math.Max(most, bytes);
            _ = error is null ? read++ : refused++;
        }

        Assert.True(read > 20 && refused > 200, $"{read} read, {refused} refused, at most {most:N0} bytes");
    }

    [Fact]
    public void Thrift_that_is_none_is_refused()
    {
        Assert.Equal((1, 0), Length([0]));
        // Field 1 is defined as a number, fields from 5 on are not defined.
        Assert.Equal(2, CompactThrift.Walk([0x15, 0x04, 0x45, 0x04, 0x00, 0x99], s_shape).Numbers[(0, 1)]);
        Assert.Equal((5, 1), Length([0x15, 0x04, 0x45, 0x04, 0x00, 0x99]));
        Assert.Equal("a structure does not end within its bytes.", Refusal([0x15, 0x04]));
        Assert.Equal("a value announces 127 bytes where 1 are left.", Refusal([0x28, 0x7F, 0]));
        Assert.Equal("a list announces 1,000,000 items where 1 bytes are left.", Refusal([0x39, 0xF5, 0xC0, 0x84, 0x3D, 0]));
        Assert.Equal("its structures lie more than 16 deep.", Refusal([0x6C, .. Enumerable.Repeat((byte)0x1C, 99)]));
        Assert.Equal("a number does not end.", Refusal([0x15, .. Enumerable.Repeat((byte)0xFF, 20)]));
        Assert.Equal("a field has the type 14, which the format does not use.", Refusal([0x5E, 0]));
    }

    [Theory]
    [InlineData("a field has the type Binary where the format has Number.", 0x18, 0x00, 0x00)]
    [InlineData("a field has the type Byte where the format has Number.", 0x13, 0x00, 0x00)]
    [InlineData("a field has the type Int where the format has Bytes.", 0x25, 0x00, 0x00)]
    [InlineData("a field has the type Binary where the format has Number.", 0x39, 0x18, 0x00, 0x00)]
    [InlineData("a field has the type True where the format has Struct.", 0x41, 0x00)]
    [InlineData("a field has the type Double where the format has Number.", 0x4C, 0x17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("a list is one of truth values, which the format does not use.", 0x59, 0x11, 0x01, 0x00)]
    public void A_type_that_the_definition_does_not_have_is_refused(string sentence, params int[] bytes) =>
        Assert.Equal(sentence, Refusal([.. bytes.Select(b => (byte)b)]));

    private static readonly ThriftShape s_shape = new(ThriftShape.Number, ThriftShape.Bytes, ThriftShape.List(ThriftShape.Number), ThriftShape.Struct(ThriftShape.Number));

    private static (int, int) Length(byte[] bytes) => (CompactThrift.Walk(bytes, s_shape).Length, CompactThrift.Walk(bytes, s_shape).Numbers.Count);

    private static string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() => CompactThrift.Walk(bytes, s_shape)).Message;
}
