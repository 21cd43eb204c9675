namespace StarKV.Cli.Tests.Reliability;

/// <summary>Small forms of eng/faults/kill.sh, disk-full.sh and descriptors.sh.</summary>
public sealed class FaultsOfTheMachine : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_killed_writer_leaves_no_half_folder()
    {
        var (right, drawn) = (_temp.File("right"), _temp.File("drawn"));
        Assert.Equal(0, Draw("", right).ExitCode);
        var expected = Files(right);
        var random = new Random(21);
        for (var kill = 0; kill < 3; kill++)
        {
            var before = Directory.GetFileSystemEntries(_temp.Path);
            using (var process = new CommandProcess("", [], Drawing(drawn)))
            {
                Thread.Sleep(random.Next(50, 600));
                process.Signal("KILL");
                process.End();
            }

            if (Directory.Exists(drawn))
                Assert.Equal(expected, Files(drawn));
            var left = Directory.GetFileSystemEntries(_temp.Path).Except([.. before, drawn]).ToList();
            Assert.True(left.Count <= 1, string.Join(' ', left));
            if (Directory.Exists(drawn))
                Directory.Delete(drawn, recursive: true);
            Assert.Equal(0, Draw("", drawn).ExitCode);
            Assert.Equal(expected, Files(drawn));
            Directory.Delete(drawn, recursive: true);
        }
    }

    /// <summary>A file that may not grow fails in its middle, as on a full disk.</summary>
    [Theory]
    [InlineData("minigui", "draw", "--count", "2", "--size", "336x336", "--out")]
    [InlineData("minigui", "draw", "--count", "2", "--size", "336x336", "--sheet")]
    [InlineData("eval", "manifest", "--of-each-kind", "1", "--out")]
    public void A_file_that_cannot_be_finished_is_refused_and_removed(params string[] arguments)
    {
        _temp.Write("notes.txt", "the user's own");
        var target = _temp.File("result");
        // The runtime's own double mapping of code is a file too.
        (string, string)[] variables = [("DOTNET_EnableWriteXorExecute", "0")];
        using var process = new CommandProcess("trap '' XFSZ; ulimit -f 4", variables, [.. arguments, target]);
        process.End().Refused(target);
        Assert.Equal([_temp.File("notes.txt")], Directory.GetFileSystemEntries(_temp.Path));
    }

    [Theory]
    [InlineData("methods")]
    [InlineData("doctor")]
    [InlineData("minigui", "draw", "--count", "1", "--size", "336x336", "--sheet", "SHEET")]
    public void Few_descriptors_will_do(params string[] arguments)
    {
        string[] words = [.. arguments.Select(word => word == "SHEET" ? _temp.File("sheet.png") : word)];
        using var process = new CommandProcess("ulimit -n 128", [], words);
        var run = process.End();
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    private static string[] Drawing(string folder) => ["minigui", "draw", "--count", "2", "--size", "336x336", "--out", folder];

    private static CommandRun Draw(string before, string folder)
    {
        using var process = new CommandProcess(before, [], Drawing(folder));
        return process.End();
    }

    /// <summary>Names and bytes.</summary>
    private static List<string> Files(string folder) =>
        [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Bytes(file)}")];

    private static string Bytes(string file) => Convert.ToHexString(File.ReadAllBytes(file));
}
