using System.Diagnostics;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>
/// Reliability F12: what a full disk cut short stayed: <c>q.partial</c>, an empty <c>images</c>. A limit of a file's size ended the process
/// without a word.
/// </summary>
public sealed class FullDisksLeftPieces : IDisposable
{
    private const string Small = "size=300k", Tiny = "size=8k";
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("minigui draw --count 40 --out OUT/d", "The samples cannot be written to 'OUT/d'")]
    [InlineData("minigui draw --count 40 --sheet OUT/d/x.png", "The picture cannot be written to 'OUT/d/x.png'")]
    [InlineData("minigui quantize MODEL OUT/d", "The model cannot be written to 'OUT/d'")]
    [InlineData("eval report RUN --out OUT/d/x.md", "The picture cannot be written to 'OUT/d/images/")]
    [InlineData("report RUN --out OUT/d/x.html", "The report cannot be written to 'OUT/d/x.html'")]
    public void A_limit_of_a_files_size_is_a_sentence_and_leaves_nothing(string line, string sentence)
    {
        var place = Directory.CreateDirectory(_temp.File("my place")).FullName;
        // In KiB; a page is larger than one, a picture than 50.
        var limit = line.Contains("report", StringComparison.Ordinal) ? 1 : 50;
        var limited = Start("bash", ["-c", $"ulimit -f {limit} && exec \"$@\"", "bash", .. Words(line, place)]);
        var (code, output, errors) = TestPrograms.Run(limited);
        Assert.Equal((ExitCodes.BadInput, ""), (code, output));
        const string reason = "the file would be larger than the disk or the limit of the process (ulimit -f) allows";
        Assert.Contains(In(sentence, place), errors, StringComparison.Ordinal);
        Assert.EndsWith($"': {reason}.\n", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(place));
    }

    [Theory]
    [InlineData(Small, "minigui draw --count 40 --out OUT/d", "The samples cannot be written to 'OUT/d'")]
    [InlineData(Small, "minigui draw --count 40 --sheet OUT/d/x.png", "The picture cannot be written to 'OUT/d/x.png'")]
    [InlineData(Small, "minigui quantize MODEL OUT/d", "The model cannot be written to 'OUT/d'")]
    [InlineData(Tiny, "eval report RUN --out OUT/d/x.md", "cannot be written to 'OUT/d/x.md'")]
    [InlineData(Tiny, "report RUN --out OUT/d/x.html", "The report cannot be written to 'OUT/d/x.html'")]
    public void A_full_disk_is_a_sentence_and_nothing_stays_on_it(string size, string line, string sentence)
    {
        var place = Directory.CreateDirectory(_temp.File("my place")).FullName;
        var (code, output, errors) = OnDisk(place, size, "\"$@\"; code=$?; ls -A \"$place\"; exit $code", Words(line, place));
        Assert.Equal((ExitCodes.BadInput, ""), (code, output));
        Assert.Contains($"{In(sentence, place)}: the disk is full.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_filled_the_disk_goes_on_when_there_is_room()
    {
        var place = Directory.CreateDirectory(_temp.File("my place")).FullName;
        const string run = "\"$@\" >/dev/null; echo $?;";
        const string script = $"{run} mount -o remount,size=1m \"$place\"; {run} ls \"$place/run\"";
        var words = Words("eval minigui --device cpu --limit 2 --method full --keep 100% --out OUT/run", place);
        var (code, output, errors) = OnDisk(place, Tiny, script, words);
        Assert.Equal(0, code);
        string[] lines = ["2", "0", "run.json", "samples-1-of-1.jsonl", "starts-1-of-1.jsonl", "summary.json"];
        Assert.Equal(lines, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(": the disk is full.", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eval minigui --limit 1 --out OUT/run", "The run cannot be written to 'OUT/run': the disk is mounted read-only in OUT.")]
    [InlineData("minigui draw --out OUT/d", "The samples cannot be written to 'OUT/d': the disk is mounted read-only in OUT.")]
    [InlineData("minigui quantize MODEL OUT/d", "The model cannot be written to 'OUT/d': the disk is mounted read-only in OUT.")]
    [InlineData("minigui quantize MODEL OUT", "The model cannot be written to 'OUT': a disk is mounted there; name a folder in it.")]
    public void A_disk_that_is_mounted_read_only_is_said_before_the_work(string line, string sentence)
    {
        var place = Directory.CreateDirectory(_temp.File("my place")).FullName;
        var (code, _, errors) = OnDisk(place, "ro", "\"$@\"", Words(line, place));
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Equal($"starkv: {In(sentence, place)}\n", errors);
    }

    /// <summary>Runs a script in which a folder is a disk of its own.</summary>
    private static (int Code, string Output, string Errors) OnDisk(string place, string options, string script, string[] words)
    {
        var may = TestPrograms.Run("bash", "-c", "unshare -rm mount -t tmpfs none /mnt").Code == 0;
        Assert.SkipUnless(may, "this system lets nobody mount a disk of his own");
        var whole = $"place=$1; shift; mount -t tmpfs -o {options} none \"$place\" || exit 99; {script}";
        return TestPrograms.Run(Start("unshare", ["-rm", "bash", "-c", whole, "bash", place, .. words]));
    }

    // .NET keeps a second mapping of its code in a file in memory, which the limit of a file's size would hit first.
    private static ProcessStartInfo Start(string program, string[] words) =>
        new(program, words) { Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" } };

    private static string In(string text, string place) => text.Replace("OUT", place, StringComparison.Ordinal);

    private string[] Words(string line, string place)
    {
        var words = line.Split(' ').Select(w => w switch
        {
            "MODEL" => Model(),
            "RUN" => FinishedRunFolder.Make(_temp.File("run")),
            _ => In(w, place),
        });
        return [Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), .. words];
    }

    private string Model()
    {
        var folder = Directory.CreateDirectory(_temp.File("model")).FullName;
        var layer = new StoredTensor("model.layers.0.mlp.down_proj.weight", DType.BF16, [512, 1024], new byte[1 << 20]);
        SafetensorsWriter.WriteModel(folder, [layer], long.MaxValue);
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        return folder;
    }
}
