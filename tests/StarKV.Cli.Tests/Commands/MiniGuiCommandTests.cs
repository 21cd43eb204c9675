using System.Text.Json;

namespace StarKV.Cli.Tests.Commands;

public sealed class MiniGuiCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_and_a_sheet_are_written()
    {
        var run = await CommandRun.Of("minigui", "draw", "--seed", "3", "--count", "3", "--size", "448x336", "--out", _folder.File("new"), "--sheet", _folder.File("sheet.png"), "--json");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var rows = JsonSerializer.Deserialize<JsonElement[]>(await File.ReadAllTextAsync(Path.Combine(_folder.File("new"), "minigui.json")))!;
        Assert.Equal((3, rows.Length), (run.Json.GetProperty("samples").GetInt32(), run.Json.GetProperty("tasks").GetInt32()));
        Assert.All(rows, r => Assert.True(File.Exists(Path.Combine(_folder.File("new"), r.GetProperty("img_filename").GetString()!))));
        Assert.Equal(["first", "last"], rows.Select(r => r.GetProperty("order").GetString()).Distinct().Order());
        Assert.Equal([3UL, 4UL, 5UL], rows.Select(r => r.GetProperty("seed").GetUInt64()).Distinct());
        Assert.Equal(["new", "sheet.png"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_trained_model_is_quantized_and_its_gradients_are_those_of_float32()
    {
        var trained = await CommandRun.Of("minigui", "train", "--shape", TinyShape.Folder(_folder.Path), "--out", _folder.File("run"), "--steps", "2", "--tokens", "1000", "--device", "cpu", "--threads", "1");
        Assert.Equal(ExitCodes.Success, trained.ExitCode);
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("minigui", "quantize", _folder.File("run/latest"), _folder.File("fp8"))).ExitCode);

        var run = await CommandRun.Of("starkv-bench", "training", "--model", _folder.File("fp8"), "--tokens", "1000", "--repeats", "1", "--device", "cpu", "--dtype", "bfloat16");
        foreach (var phase in new[] { "train", "align" })
        {
            var rows = run.Json.GetProperty("gradientsBesideTheCpuInFloat32").GetProperty(phase).EnumerateArray().ToList();
            Assert.Equal(6, rows.Count);
            // Rounded to bfloat16, but no more than that.
            Assert.All(rows, row => Assert.InRange(row.GetProperty("difference").GetDouble(), 1e-4, 0.2));
            Assert.InRange(run.Json.GetProperty("steps").GetProperty(phase).GetProperty("tokensPerSecond").GetDouble(), 1, 1e9);
        }

        (await CommandRun.Of("starkv-bench", "training", "--tokens", "999")).Refused("at least 1000");
    }

    [Fact]
    public async Task Challenges_are_drawn()
    {
        var run = await CommandRun.Of("minigui", "draw", "--form", "single", "--challenge", "blocks", "--count", "2", "--size", "560x448", "--out", _folder.File("new"), "--sheet", _folder.File("sheet.png"));
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("Click the middle of ", await File.ReadAllTextAsync(Path.Combine(_folder.File("new"), "minigui.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("minigui", "draw", "--challenge", "longtext", "--count", "3", "--size", "560x448", "--sheet", _folder.File("long.png"))).ExitCode);
    }

    [Fact]
    public async Task Thoughts_stand_before_the_actions()
    {
        string[] line = ["minigui", "draw", "--form", "first", "--count", "2", "--size", "336x336", "--out"];
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of([.. line, _folder.File("plain")])).ExitCode);
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of([.. line, _folder.File("new"), "--thoughts"])).ExitCode);
        var (plain, rows) = (await Rows("plain"), await Rows("new"));
        Assert.Equal(plain.Select(Expected), rows.Select(r => Expected(r).Split('\n')[1]));
        Assert.All(rows.SelectMany(r => r.GetProperty("past_actions").EnumerateArray().Select(a => a.GetString()!).Append(Expected(r))), a => Assert.StartsWith("Thought: ", a, StringComparison.Ordinal));

        static string Expected(JsonElement row) => row.GetProperty("expected").GetString()!;
        async Task<JsonElement[]> Rows(string folder) => JsonSerializer.Deserialize<JsonElement[]>(await File.ReadAllTextAsync(Path.Combine(_folder.File(folder), "minigui.json")))!;
    }

    [Fact]
    public async Task Episodes_are_written_as_a_folder_and_as_a_sheet()
    {
        var run = await CommandRun.Of("minigui", "draw", "--form", "episode", "--count", "2", "--steps", "5", "--size", "336x336", "--out", _folder.File("new"), "--sheet", _folder.File("sheet.png"));
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("2 episodes, 10 tasks: ", run.Out, StringComparison.Ordinal);
        var rows = JsonSerializer.Deserialize<JsonElement[]>(await File.ReadAllTextAsync(Path.Combine(_folder.File("new"), "episodes.json")))!;
        Assert.Equal([0UL, 1UL], rows.Select(r => r.GetProperty("seed").GetUInt64()));
        Assert.All(rows, r => Assert.Equal(5, r.GetProperty("steps").GetArrayLength()));
        Assert.True(File.Exists(_folder.File("sheet.png")));
    }

    [Theory]
    [InlineData("--form episode --split words --sheet x.png", "--split words has single questions alone")]
    [InlineData("--challenge table --sheet x.png", "--challenge table does not go with --form mixed; take --form single.")]
    [InlineData("--challenge long-text --form episode --sheet x.png", "take --form single, first, last or mixed")]
    [InlineData("--challenge blocks --form single --split icons --sheet x.png", "--split is icons")]
    [InlineData("--challenge big --sheet x.png", "--challenge is 'big'")]
    [InlineData("--form episode --thoughts --sheet x.png", "Episodes have no thoughts")]
    [InlineData("--form episode --steps 3 --sheet x.png", "--steps is 3; it must be 4 to 40")]
    [InlineData("--form episode --count 7 --sheet x.png", "1 to 6")]
    [InlineData("--out", "nothing to write")]
    [InlineData("--size 336x340 --sheet x.png", "--size 336x340")]
    [InlineData("--size 448 --sheet x.png", "448x336")]
    [InlineData("--max-frames 9 --sheet x.png", "3 to 8")]
    [InlineData("--count 61 --sheet x.png", "1 to 60")]
    [InlineData("--count 0 --sheet x.png", "1 to 100000")]
    public async Task What_cannot_be_drawn_is_refused(string options, string part) =>
        (await CommandRun.Of(["minigui", "draw", .. options == "--out" ? [] : options.Split(' ')])).Refused(part);

    [Fact]
    public async Task A_folder_in_use_is_left_alone()
    {
        _folder.Write("mine.txt", "mine");
        var run = await CommandRun.Of("minigui", "draw", "--count", "1", "--out", _folder.Path);
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("exists already", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder.Path))));
    }
}
