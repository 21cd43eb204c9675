using System.Runtime.Versioning;
using StarKV.Files;

namespace StarKV.Tests.Issues;

/// <summary>Reliability F1: a folder that was written deleted what lay in its place, and beside it in .old and .partial.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FoldersOfUsersWereDeleted : IDisposable
{
    private static readonly FolderKind s_kind = new("a test's folder") { IsOlder = names => names.All(n => n is "a" or "b") };
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_folder_with_files_of_others_is_left_alone()
    {
        var place = Folder("my place");
        _temp.Write("my place/thesis.txt", "mine");
        const string reason = "it exists already and holds more than a test's folder that StarKV wrote; name a new or empty folder";
        var error = Assert.Throws<StarKvException>(() => OutputFolder.Check(place, "thing", s_kind));
        Assert.Equal($"The thing cannot be written to '{place}': {reason}.", error.Message);
        Assert.Throws<StarKvException>(() => Make(place, "new"));
        Assert.Equal(["my place"], Names(_temp.Path));
        Assert.Equal(["thesis.txt"], Names(place));
    }

    [Fact]
    public void A_folder_that_was_made_before_is_replaced_until_somebody_adds_to_it()
    {
        var place = _temp.File("new/deep place");
        Make(place, "one");
        Make(place, "two");
        Assert.Equal("two", Read(place));
        Assert.Equal(["deep place"], Names(_temp.File("new")));

        _temp.Write("new/deep place/notes.txt", "mine");
        Assert.Throws<StarKvException>(() => Make(place, "three"));
        Assert.Equal(("two", "mine"), (Read(place), File.ReadAllText(_temp.File("new/deep place/notes.txt"))));
        File.Delete(_temp.File("new/deep place/notes.txt"));
        Directory.CreateDirectory(_temp.File("new/deep place/folder"));
        Assert.Throws<StarKvException>(() => Make(place, "three"));
    }

    [Fact]
    public void Another_kind_of_folder_is_none_of_its_own()
    {
        Make(_temp.File("place"), "one");
        Assert.Throws<StarKvException>(() => OutputFolder.Make(_temp.File("place"), "thing", new FolderKind("another thing"), _ => { }));
        Assert.Throws<StarKvException>(() => OutputFolder.Make(_temp.File("place"), "thing", null, _ => { }));
        Assert.Equal("one", Read(_temp.File("place")));
    }

    [Fact]
    public void A_folder_from_before_there_were_markers_is_told_by_its_names()
    {
        Folder("older");
        _temp.Write("older/a", "zero");
        _temp.Write("older/b", "zero");
        Make(_temp.File("older"), "one");
        Assert.Equal([FolderMarker.FileName, "a"], Names(_temp.File("older")));
        Assert.Equal("one", Read(_temp.File("older")));
    }

    [Theory]
    [InlineData(".old")]
    [InlineData(".partial")]
    [InlineData(".1.partial")]
    public void Folders_with_names_like_its_own_stay(string ending)
    {
        Folder("place" + ending);
        _temp.Write($"place{ending}/thesis.txt", "mine");
        Make(_temp.File("place"), "one");
        Make(_temp.File("place"), "two");
        Assert.Equal("mine", File.ReadAllText(_temp.File($"place{ending}/thesis.txt")));
        Assert.Equal(["place", "place" + ending], Names(_temp.Path));
    }

    [Fact]
    public void What_a_killed_run_left_is_neither_touched_nor_in_the_way()
    {
        var left = TemporaryName.In(_temp.Path);
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "a"), "half");
        File.WriteAllText(TemporaryName.In(_temp.Path), "half");
        var before = Names(_temp.Path).ToList();
        Make(_temp.File("place"), "one");
        Make(_temp.File("place"), "two");
        Assert.Equal([.. before, "place"], Names(_temp.Path));
        Assert.Equal("half", Read(left));
    }

    [Fact]
    public void A_failure_leaves_neither_files_nor_folders_and_the_old_content()
    {
        Assert.Throws<StarKvException>(() => OutputFolder.Make(_temp.File("x/y/z"), "thing", s_kind, Fail));
        Assert.Empty(Names(_temp.Path));
        Make(_temp.File("place"), "one");
        Assert.Equal(
            $"The thing cannot be written to '{_temp.File("place")}': the disk is full.",
            Assert.Throws<StarKvException>(() => OutputFolder.Make(_temp.File("place"), "thing", s_kind, Fail)).Message);
        Assert.Equal(("one", "place"), (Read(_temp.File("place")), Assert.Single(Names(_temp.Path))));

        static void Fail(string draft)
        {
            File.WriteAllText(Path.Combine(draft, "a"), "half");
            // A device that every disk would call full.
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.WriteByte(1);
        }
    }

    [Fact]
    public void Where_folders_cannot_be_exchanged_the_old_one_stands_aside_for_a_moment_and_is_complete()
    {
        var place = _temp.File("place");
        Make(place, "one");
        var seen = 0;
        OutputFolder.Make(place, "thing", s_kind, draft => File.WriteAllText(Path.Combine(draft, "a"), "two"), (draft, old) =>
        {
            // Interrupted here, both are there.
            Assert.Equal(("two", "one"), (Read(draft), Read(old)));
            seen++;
            return false;
        });
        Assert.Equal((1, "two", "place"), (seen, Read(place), Assert.Single(Names(_temp.Path))));
    }

    [Fact]
    public void What_is_put_there_in_the_last_moment_goes_into_the_new_folder()
    {
        var place = _temp.File("place");
        Make(place, "one");
        OutputFolder.Make(place, "thing", s_kind, draft => File.WriteAllText(Path.Combine(draft, "a"), "two"), (draft, old) =>
        {
            File.WriteAllText(Path.Combine(old, "late.txt"), "mine");
            return FileCalls.Exchange(draft, old);
        });
        Assert.Equal(("two", "mine"), (Read(place), File.ReadAllText(Path.Combine(place, "late.txt"))));
        Assert.Single(Names(_temp.Path));
    }

    [Fact]
    public void A_link_to_a_folder_stays_and_its_target_is_written()
    {
        Folder("disk two");
        File.CreateSymbolicLink(_temp.File("link"), "disk two");
        Make(_temp.File("link"), "one");
        Make(_temp.File("link"), "two");
        Assert.Equal("disk two", new FileInfo(_temp.File("link")).LinkTarget);
        Assert.Equal("two", Read(_temp.File("disk two")));

        File.CreateSymbolicLink(_temp.File("dangling"), "not yet/there");
        Make(_temp.File("dangling"), "three");
        Assert.Equal("three", Read(_temp.File("not yet/there")));
    }

    [Fact]
    public void A_link_in_an_own_folder_is_removed_and_its_target_stays()
    {
        var place = _temp.File("place");
        Make(place, "one");
        File.Delete(Path.Combine(place, "a"));
        File.CreateSymbolicLink(Path.Combine(place, "a"), _temp.Write("thesis.txt", "mine"));
        Make(place, "two");
        Assert.Equal(("two", "mine"), (Read(place), File.ReadAllText(_temp.File("thesis.txt"))));
    }

    [Fact]
    public void An_empty_folder_keeps_its_rights()
    {
        const UnixFileMode rights = (UnixFileMode)0x1E8;
        File.SetUnixFileMode(Folder("place"), rights);
        Make(_temp.File("place"), "one");
        Make(_temp.File("place"), "two");
        Assert.Equal(rights, File.GetUnixFileMode(_temp.File("place")));
    }

    [Theory]
    [InlineData("file", "it is a file, not a folder")]
    [InlineData("file/x", "file is a file, not a folder")]
    [InlineData("pipe", "it is a file, not a folder")]
    [InlineData("loop", "its symbolic links lead in a circle")]
    [InlineData("/", "a disk is mounted there; name a folder in it")]
    [InlineData("/proc", "a disk is mounted there; name a folder in it")]
    [InlineData("/proc/new", "no file can be made in /proc")]
    [InlineData("", "this is not a file name")]
    public void What_is_no_place_for_a_folder_is_said_before_the_work(string path, string reason)
    {
        _temp.Write("file", "mine");
        NamedPipe.Make(_temp.File("pipe"));
        File.CreateSymbolicLink(_temp.File("loop"), "loop");
        var place = path is "" || path[0] == '/' ? path : _temp.File(path);
        var message = Assert.Throws<StarKvException>(() => OutputFolder.Check(place, "thing", s_kind)).Message;
        Assert.StartsWith($"The thing cannot be written to '{place}': ", message, StringComparison.Ordinal);
        Assert.EndsWith(reason + ".", message, StringComparison.Ordinal);
    }

    private static void Make(string place, string content) =>
        OutputFolder.Make(place, "thing", s_kind, draft => File.WriteAllText(Path.Combine(draft, "a"), content));

    private static string Read(string folder) => File.ReadAllText(Path.Combine(folder, "a"));

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal);

    private string Folder(string name) => Directory.CreateDirectory(_temp.File(name)).FullName;
}
