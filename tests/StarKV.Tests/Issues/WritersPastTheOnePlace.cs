using System.Text.RegularExpressions;

namespace StarKV.Tests.Issues;

/// <summary>Reliability F1, F2: each writer had its own way to make, move and delete files and folders.</summary>
public sealed partial class WritersPastTheOnePlace
{
    // Each with the reason why it may.
    private static readonly Dictionary<string, string> s_may = new()
    {
        ["src/StarKV/Files/FolderDraft.cs"] = "the one place for folders: removes the draft that it made",
        ["src/StarKV/Files/NewFile.cs"] = "the one place for new files",
        ["src/StarKV/Files/NewFolders.cs"] = "removes folders that it made and that are empty",
        ["src/StarKV/Files/OutputFolder.cs"] = "the one place for folders: removes the files of one that this program made",
        ["src/StarKV/Files/WritablePlace.cs"] = "removes the file that it made for a look",
        ["src/StarKV/Files/FileSet.cs"] = "the one place for files that are replaced",
        ["src/StarKV/Files/OutputFile.cs"] = "the one place for files that are written on",
        ["src/StarKV.Hub/BlobDownload.cs"] = "the cache's own folders, which the Python tools share",
        ["src/StarKV.Hub/SnapshotWriter.cs"] = "the cache's own links and notes, which the Python tools share",
        ["src/StarKV.Hub/HubClient.cs"] = "the cache's own folders, which the Python tools share",
        ["src/StarKV.Hub/HubLock.cs"] = "the cache's own locks, which the Python tools share",
        ["src/StarKV.Hub/PartialBlob.cs"] = "the cache's own files, named by their hash, which the Python tools share",
        ["bench/StarKV.Bench/SaveBench.cs"] = "a folder of its own in the temporary one, removed again",
        ["src/StarKV.Evaluation/Runs/SampleLog.cs"] = "a lock beside a run's file",
    };

    [Fact]
    public void Nothing_is_written_moved_or_deleted_past_the_one_place()
    {
        var root = RepositoryFiles.Path();
        var found = RepositoryFiles.Sources()
            .Where(f => Writer().IsMatch(File.ReadAllText(Path.Combine(root, f)))).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(s_may.Keys.Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [InlineData("File.WriteAllText(path, text)", true)]
    [InlineData("System.IO.File.AppendAllLines(path, lines)", true)]
    [InlineData("Directory.Delete(folder, recursive: true)", true)]
    [InlineData("new FileStream(path, FileMode.OpenOrCreate)", true)]
    [InlineData("new StreamWriter(path, append: true)", true)]
    [InlineData("new FileInfo(path).MoveTo(other)", true)]
    [InlineData("new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)", false)]
    [InlineData("new StreamWriter(stream)", false)]
    [InlineData("File.ReadAllText(path)", false)]
    public void The_pattern_knows_a_writer(string code, bool isOne) => Assert.Equal(isOne, Writer().IsMatch(code));

    [GeneratedRegex(@"\bFile\.(Write|Append|Create|Copy|Move|Replace|Delete|OpenWrite)|\bDirectory\.(Create|Delete|Move)"
        + @"|FileMode\.(Create|CreateNew|OpenOrCreate|Append|Truncate)|\bFileAccess\.(Write|ReadWrite)"
        + @"|new StreamWriter\((?!stream\b|file\b)|\.(MoveTo|CopyTo)\(\w*(path|other|place|target)"
        + @"|new FileInfo\([^)]*\)\.(Delete|Create|OpenWrite|AppendText|Replace)|new DirectoryInfo\([^)]*\)\.(Delete|Create)")]
    private static partial Regex Writer();
}
