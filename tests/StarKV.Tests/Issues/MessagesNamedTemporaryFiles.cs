using System.Text;
using StarKV.Files;

namespace StarKV.Tests.Issues;

/// <summary>A file that could not be written was reported with the name of the temporary file beside it.</summary>
public sealed class MessagesNamedTemporaryFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_folder_is_made()
    {
        AtomicFile.Check(_folder.File("a/b/c.txt"), "page");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        AtomicFile.Write(_folder.File("a/b/c.txt"), "x"u8.ToArray(), "page");
        AtomicFile.Write(_folder.File("a/b/c.txt"), "y"u8.ToArray(), "page");
        Assert.Equal("y", File.ReadAllText(_folder.File("a/b/c.txt")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.File("a/b")));
    }

    [Fact]
    public void A_file_that_is_written_piece_by_piece_is_complete_or_as_it_was()
    {
        var path = _folder.Write("x.txt", "x");
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(path, Broken, "page"));
        Assert.Equal("x", File.ReadAllText(path));
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(_folder.File("new/y.txt"), Broken, "page"));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
        AtomicFile.Write(path, stream => stream.Write("yz"u8), "page");
        Assert.Equal("yz", File.ReadAllText(path));

        static void Broken(FileStream stream)
        {
            stream.Write("half"u8);
            stream.Flush();
            throw new OperationCanceledException();
        }
    }

    [Theory]
    [InlineData("file/x.txt")]
    [InlineData("")]
    [InlineData("/proc/x.txt")]
    [InlineData("/proc/new/x.txt")]
    [InlineData("/dev/full")]
    public void Neither_check_nor_write_shows_a_temporary_name(string path)
    {
        _folder.Write("file", "x");
        var target = path.StartsWith('/') || path.Length == 0 ? path : _folder.File(path);
        foreach (var act in new Action[] { () => AtomicFile.Check(target, "page"), () => AtomicFile.Write(target, [1], "page") })
        {
            var message = Assert.Throws<StarKvException>(act).Message;
            Assert.StartsWith($"The page cannot be written to '{target}': ", message, StringComparison.Ordinal);
            Assert.DoesNotContain(".tmp", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_are_as_long_as_they_may_be()
    {
        AtomicFile.Write(_folder.File(new string('a', 255)), [1], "page");
        Assert.Contains("255 bytes", Assert.Throws<StarKvException>(() => AtomicFile.Check(_folder.File(new string('ä', 128)), "page")).Message, StringComparison.Ordinal);
        Assert.Equal(256, Encoding.UTF8.GetByteCount(new string('ä', 128)));
    }
}
