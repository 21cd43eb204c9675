using System.Runtime.Versioning;
using StarKV.Files;

namespace StarKV.Tests.Issues;

/// <summary>Reliability F2: a file was moved over whatever had its name, so that a device, a pipe or a link became a file.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OutputsTookThePlaceOfDevicesAndLinks : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("pipe", "it is a named pipe")]
    [InlineData("link to pipe", "it is a named pipe")]
    [InlineData("/dev/null", "it is a device")]
    [InlineData("link to device", "it is a device")]
    [InlineData("/dev/new", "it is a device")]
    [InlineData("/dev/stdout", "it is ")]
    [InlineData("loop", "its symbolic links lead in a circle")]
    [InlineData("link to folder", "it is a folder")]
    public void What_is_no_file_is_refused_by_check_and_by_write_and_stays(string name, string reason)
    {
        NamedPipe.Make(_temp.File("pipe"));
        File.CreateSymbolicLink(_temp.File("link to pipe"), "pipe");
        File.CreateSymbolicLink(_temp.File("link to device"), "/dev/null");
        File.CreateSymbolicLink(_temp.File("loop"), "loop");
        File.CreateSymbolicLink(_temp.File("link to folder"), ".");
        var path = name[0] == '/' ? name : _temp.File(name);
        var before = (FileStatus.Of(path).Kind, new FileInfo(path).LinkTarget);
        foreach (var act in Ways(path))
        {
            var message = Assert.Throws<StarKvException>(act).Message;
            Assert.StartsWith($"The page cannot be written to '{path}': {reason}", message, StringComparison.Ordinal);
        }

        Assert.Equal(before, (FileStatus.Of(path).Kind, new FileInfo(path).LinkTarget));
    }

    [Fact]
    public void What_became_a_pipe_since_it_was_looked_at_stays_one()
    {
        using (var files = new FileSet())
        {
            files.Add(_temp.File("page"), [1], "page");
            NamedPipe.Make(_temp.File("page"));
            Assert.Contains("named pipe", Assert.Throws<StarKvException>(files.Put).Message, StringComparison.Ordinal);
        }

        Assert.Equal(FileKind.Pipe, FileStatus.Of(_temp.File("page")).Kind);
        Assert.Single(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Theory]
    [InlineData("page.html")]
    [InlineData("../other disk/page.html")]
    [InlineData("/ABSOLUTE/other disk/page.html")]
    public void A_link_stays_and_its_target_is_written(string target)
    {
        var here = Directory.CreateDirectory(_temp.File("a b/here")).FullName;
        var other = Directory.CreateDirectory(_temp.File("a b/other disk")).FullName;
        // Its own folder is reached by a link elsewhere: a target begins where the link really lies.
        File.CreateSymbolicLink(_temp.File("short"), here);
        File.CreateSymbolicLink(Path.Combine(here, "link"), target.Replace("/ABSOLUTE", _temp.File("a b"), StringComparison.Ordinal));
        foreach (var content in new byte[] { 1, 2 })
        {
            // At first to nothing, then to a file.
            AtomicFile.Check(_temp.File("short/link"), "page");
            AtomicFile.Write(_temp.File("short/link"), [content], "page");
            Assert.Equal([content], File.ReadAllBytes(Path.Combine(target == "page.html" ? here : other, "page.html")));
        }

        Assert.NotNull(new FileInfo(Path.Combine(here, "link")).LinkTarget);
        Assert.Equal(2, Directory.GetFileSystemEntries(here).Length + Directory.GetFileSystemEntries(other).Length);
    }

    [Theory]
    [InlineData((UnixFileMode)0x180)]
    [InlineData((UnixFileMode)0x1B6)]
    public void Rights_of_a_file_that_is_replaced_are_kept(UnixFileMode rights)
    {
        File.SetUnixFileMode(_temp.Write("page", "old"), rights);
        AtomicFile.Write(_temp.File("page"), [1], "page");
        Assert.Equal(rights, File.GetUnixFileMode(_temp.File("page")));
    }

    [Fact]
    public void A_file_that_its_owner_made_read_only_is_not_replaced()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root may write every file");
        File.SetUnixFileMode(_temp.Write("page", "old"), UnixFileMode.UserRead);
        foreach (var act in Ways(_temp.File("page")))
            Assert.Contains("access is denied", Assert.Throws<StarKvException>(act).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_belong_together_appear_together_or_leave_nothing()
    {
        using (var files = new FileSet())
        {
            files.Add(_temp.File("images/a.svg"), [1], "picture");
            Assert.Throws<StarKvException>(() => files.Add("/dev/null", [2], "page"));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
        using (var files = new FileSet())
        {
            files.Add(_temp.File("images/a.svg"), [1], "picture");
            files.Add(_temp.File("page.md"), [2], "page");
            files.Put();
        }

        Assert.Equal(["a.svg"], Directory.GetFiles(_temp.File("images")).Select(Path.GetFileName));
        Assert.True(File.Exists(_temp.File("page.md")));
    }

    private static Action[] Ways(string path) =>
    [
        () => AtomicFile.Check(path, "page"),
        () => AtomicFile.Write(path, [1], "page"),
        () => OutputFile.OpenOrBegin(path, "page").Dispose(),
    ];
}
