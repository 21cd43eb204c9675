using System.CommandLine;
using System.Text.Json;
using StarKV.Cli.Commands;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A place that cannot be written was noticed when all was done, with the name of a temporary file, and the answers were lost.</summary>
public sealed class OutputsWereCheckedAfterTheWork : IDisposable
{
    private readonly TempFolder _folder = new();

    public OutputsWereCheckedAfterTheWork() => _folder.Write("file", "no folder");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_option_that_names_something_to_write_is_checked() => Assert.All(
        CommandTree.Options.Where(o => o.Option.Name is "--out" or "--overlay" or "--sheet"), o => Assert.True(o.Option is OutputOption, $"{o.Verb} {o.Option.Name}"));

    [Theory]
    [InlineData("demo --overlay BAD/x.png", "picture")]
    [InlineData("ground --model none --image SCREEN --instruction go --overlay BAD/x.png", "picture")]
    [InlineData("inspect --out BAD/x.html", "page")]
    [InlineData("eval minigui --out BAD/run", "run")]
    [InlineData("eval report none --out BAD/x.md", "page")]
    [InlineData("eval manifest --out BAD/x.json", "manifest")]
    [InlineData("replay none --out BAD/run", "repetition")]
    [InlineData("report none --out BAD/x.html", "report")]
    [InlineData("minigui draw --out BAD/x", "samples")]
    [InlineData("minigui draw --sheet BAD/x.png", "picture")]
    [InlineData("minigui train --out BAD/x", "training")]
    [InlineData("minigui quantize none BAD/x", "model")]
    [InlineData("minigui plot none --out BAD/x.png", "picture")]
    [InlineData("starkv-bench load --folder BAD/x", "checkpoint")]
    public async Task A_place_that_cannot_be_written_is_refused_before_any_work(string line, string what)
    {
        var bad = _folder.File("file");
        var run = await CommandRun.Of(Words(line, bad));
        // Nothing was begun: not one line of progress.
        Assert.Equal($"{run.Command}: The {what} cannot be written to '{Words(line, bad).Single(w => w.StartsWith(bad, StringComparison.Ordinal))}': {bad} is a file, not a folder.\n", run.Error);
        run.Refused();
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_folder_is_no_file_and_a_device_is_none()
    {
        (await CommandRun.Of("inspect", "--out", _folder.Path)).Refused("it is a folder; name a file");
        (await CommandRun.Of("inspect", "--out", "/dev/null")).Refused("it is a device");
        (await CommandRun.Of("inspect", "--out", _folder.File(new string('a', 300)))).Refused("longer than the 255 bytes");
        (await CommandRun.Of("inspect", "--out", "/proc/starkv/x.html")).Refused("in /proc");
    }

    [Fact]
    public async Task What_is_refused_for_another_reason_leaves_no_folder_behind()
    {
        (await CommandRun.Of("ground", "--model", _folder.File("none"), "--image", Screen, "--instruction", "go", "--overlay", _folder.File("new/x.png"))).Refused("none");
        Assert.False(Directory.Exists(_folder.File("new")));
    }

    [Fact]
    [Trait("outside", "2.16")]
    public async Task Folders_that_are_missing_are_made()
    {
        var run = FinishedRunFolder.Make(_folder.File("run"));
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("report", run, "--out", _folder.File("new/deep/r.html"))).ExitCode);
        Assert.True(File.Exists(_folder.File("new/deep/r.html")) && File.Exists(_folder.File("new/deep/summary.json")));
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("eval", "report", run, "--out", _folder.File("md/r.md"))).ExitCode);
        Assert.True(File.Exists(_folder.File("md/r.md")));
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("demo", "--device", "cpu", "--overlay", _folder.File("a/b/kept.png"))).ExitCode);
        Assert.True(File.Exists(_folder.File("a/b/kept.png")));
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("minigui", "draw", "--count", "1", "--sheet", _folder.File("s/x.png"), "--out", _folder.File("d/e"))).ExitCode);
        Assert.True(File.Exists(_folder.File("s/x.png")) && File.Exists(_folder.File("d/e/minigui.json")));
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("minigui", "plot", RepositoryFiles.Path("models", "mini", "training.jsonl"), "--out", _folder.File("p/log.svg"))).ExitCode);
        Assert.EndsWith("</svg>", (await File.ReadAllTextAsync(_folder.File("p/log.svg"), TestContext.Current.CancellationToken)).TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo --device cpu --overlay LATE", "inside the target")]
    [InlineData("inspect --device cpu --method snapkv --out LATE", "rows per layer")]
    [InlineData("ground --device cpu --model MODEL --image SCREEN --instruction go --overlay LATE", "KV bytes")]
    public async Task Results_are_shown_though_a_side_file_fails_in_the_end(string line, string shown)
    {
        var late = _folder.File("late");
        // Free when it is checked, taken when the answers are there.
        using var error = new Listener(text =>
        {
            if (text.StartsWith("Loading", StringComparison.Ordinal))
                Directory.CreateDirectory(late);
        });
        string[] words = [.. Words(line, "").Select(w => w == "LATE" ? late : w)];
        var run = await CommandRun.In(160, error, words);
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains(shown, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(late, run.Out, StringComparison.Ordinal);
        Assert.Contains($"cannot be written to '{late}': it is a folder", run.Error, StringComparison.Ordinal);

        Directory.Delete(late);
        using var again = new Listener(text =>
        {
            if (text.StartsWith("Loading", StringComparison.Ordinal))
                Directory.CreateDirectory(late);
        });
        var json = await CommandRun.In(160, again, [.. words, "--json"]);
        Assert.Equal(ExitCodes.BadInput, json.ExitCode);
        Assert.Equal(JsonValueKind.Object, json.Json.ValueKind);
    }

    private static string Screen => RepositoryFiles.Path("models", "mini", "demo", "screenshot.png");

    private static string[] Words(string line, string bad) => [.. line.Split(' ').Select(w => w == "SCREEN" ? Screen : w == "MODEL" ? RepositoryFiles.Path("models", "mini") : w.Replace("BAD", bad, StringComparison.Ordinal))];

    /// <summary>Stderr that tells of every line.</summary>
    private sealed class Listener(Action<string> told) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            told(value ?? "");
        }
    }
}
