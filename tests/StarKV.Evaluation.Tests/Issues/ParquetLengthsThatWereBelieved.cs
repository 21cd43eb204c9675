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
        Assert.Equal(4, CompactThrift.Walk([0x15, 0x04, 0x00, 0x99]).Numbers[(0, 1)] * 2);
        Assert.Equal("a structure does not end within its bytes.", Refusal([0x15, 0x04]));
        Assert.Equal("a value announces 127 bytes where 1 are left.", Refusal([0x18, 0x7F, 0]));
        Assert.Equal("a list announces 1,000,000 items where 1 bytes are left.", Refusal([0x19, 0xF5, 0xC0, 0x84, 0x3D, 0]));
        Assert.Equal("its structures lie more than 16 deep.", Refusal([.. Enumerable.Repeat((byte)0x1C, 99)]));
        Assert.Equal("a number does not end.", Refusal([0x15, .. Enumerable.Repeat((byte)0xFF, 20)]));
        Assert.Equal("a field has the unknown type 14.", Refusal([0x1E, 0]));

        static (int, int) Length(byte[] bytes) => (CompactThrift.Walk(bytes).Length, CompactThrift.Walk(bytes).Numbers.Count);
        static string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() => CompactThrift.Walk(bytes)).Message;
    }
}
