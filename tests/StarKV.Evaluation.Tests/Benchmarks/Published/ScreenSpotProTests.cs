using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

public sealed class ScreenSpotProTests(MiniRun mini) : IClassFixture<MiniRun>, IDisposable
{
    private readonly Fixture _files = Files();

    public void Dispose() => _files.Dispose();

    private static Fixture Files()
    {
        var files = new Fixture();
        object Row(string id, string application, string platform, string type) => new
        {
            id,
            img_filename = "shots/a.png",
            img_size = new[] { 280, 196 },
            bbox = new[] { 20, 30, 80, 50 },
            instruction = "toggle the side bar",
            instruction_cn = "切换侧边栏",
            application,
            platform,
            ui_type = type,
            group = "Dev",
        };
        files.Json("annotations/vscode_macos.json", new[] { Row("vscode_macos_0", "vscode", "macos", "icon"), Row("vscode_macos_0", "vscode", "macos", "text") });
        files.Json("annotations/pycharm_linux.json", new object[] { Row("pycharm_linux_0", "pycharm", "linux", "text"), new { id = "pycharm_linux_1", group = "Dev", bbox = "wide" } });
        files.Png("images/shots/a.png", 280, 196);
        return files;
    }

    private ScreenSpotProBenchmark Open(Profile profile) => new(new BenchmarkOptions(_files.At("annotations"), _files.At("images")) { Profile = profile });

    [Theory]
    [InlineData(Profile.Strict)]
    [InlineData(Profile.StarKv)]
    public void The_shipped_model_runs_it(Profile profile)
    {
        var (samples, cells) = mini.Of(Open(profile), _files.At("run"));
        // Files by name; an id that occurs twice is no reason to lose a row.
        Assert.Equal(["pycharm_linux_0", "pycharm_linux_1", "vscode_macos_0", "vscode_macos_0~2"], Open(profile).Tasks.Select(t => t.Id));
        Assert.Contains("bbox is", samples["pycharm_linux_1"].Error, StringComparison.Ordinal);
        Assert.All(cells, c => Assert.Equal((3, 1), ((int)c!["metrics"]!["overall"]!["num_total"]!, (int)c["errors"]!)));
        Assert.Equal(2, (int)cells[0]!["metrics"]!["fine_grained"]!["plat:macos app:vscode inst_style:instruction gt_type:positive"]!["num_total"]!);
    }

    [Theory]
    [InlineData(Profile.Strict, 1)]
    [InlineData(Profile.Official, 1)]
    [InlineData(Profile.GuiKv, 0)]
    [InlineData(Profile.StarKv, 0)]
    public void Unreadable_answers_are_counted_apart_where_the_profile_does(Profile profile, int wrongFormat)
    {
        var benchmark = Open(profile);
        var verdict = benchmark.Tasks[0].Judge(Answers.Of("no idea", 280, 196)).Verdict;
        Assert.Equal(Verdict.Unreadable, verdict);
        var record = FakeRun.Answer(FakeRun.Tasks[0]).Answers[0] with { Verdict = verdict };
        var tables = Assert.IsType<ScreenSpotProTables>(benchmark.Metrics(new Dictionary<string, AnswerRecord?> { [benchmark.Tasks[0].Id] = record }));
        Assert.Equal((0, 1, wrongFormat), (tables.Overall.NumCorrectAction, tables.Overall.NumTotal, tables.Overall.WrongFormatNum));
    }
}
