using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Runs;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

public sealed class ScreenSpotV2Tests(MiniRun mini) : IClassFixture<MiniRun>, IDisposable
{
    private readonly Fixture _files = Files();

    public void Dispose() => _files.Dispose();

    private static Fixture Files()
    {
        var files = new Fixture();
        object Row(string image, string type, int x = 20) => new { img_filename = image, bbox = new double[] { x, 30, 60, 20 }, instruction = "open the box", data_type = type, data_source = "ios" };
        files.Json("annotations/screenspot_mobile_v2.json", new[] { Row("m.png", "text"), Row("m.png", "icon", 120), Row("broken.png", "icon"), new { img_filename = "m.png" } });
        files.Json("annotations/screenspot_desktop_v2.json", new[] { Row("d.png", "text"), Row("none.png", "text") });
        files.Json("annotations/screenspot_web_v2.json", new[] { Row("d.png", "icon") });
        files.Png("images/m.png", 196, 280);
        files.Png("images/d.png", 280, 196);
        files.Text("images/broken.png", "no picture");
        return files;
    }

    private ScreenSpotV2Benchmark Open(Profile profile, AnswerFamily family = AnswerFamily.UiTars) =>
        new(new BenchmarkOptions(_files.At("annotations"), _files.At("images")) { Profile = profile, Family = family });

    [Fact]
    public void The_shipped_model_runs_it_and_bad_rows_are_errors_in_no_share()
    {
        var (samples, cells) = mini.Of(Open(Profile.Strict), _files.At("run"));
        Assert.Equal(["desktop-0001", "mobile-0002", "mobile-0003"], samples.Values.Where(s => s.Error is not null).Select(s => s.Task).Order());
        Assert.Contains("row 3 of screenspot_mobile_v2.json cannot be read", samples["mobile-0003"].Error, StringComparison.Ordinal);
        Assert.Contains("none.png' does not exist", samples["desktop-0001"].Error, StringComparison.Ordinal);
        Assert.All(cells, c => Assert.Equal((4, 4, 3), ((int)c!["metrics"]!["total_samples"]!, (int)c["num_samples_evaluated"]!, (int)c["errors"]!)));
        Assert.Equal("desktop", (string?)cells[0]!["metrics"]!["task_breakdown"]![1]!["task"]);
    }

    [Theory]
    [InlineData("Action: click(start_box='(20,30)')", Verdict.Right)]
    [InlineData("Action: click(start_box='(80,50)')", Verdict.Right)]
    [InlineData("Action: click(start_box='(81,50)')", Verdict.Wrong)]
    [InlineData("Action: finished()", Verdict.Wrong)]
    [InlineData("the box", Verdict.Unreadable)]
    public void All_four_edges_are_inside(string text, Verdict verdict) => Assert.Equal(verdict, Open(Profile.Strict).Tasks[0].Judge(Answers.Of(text, 196, 280)).Verdict);

    [Theory]
    [InlineData(Profile.GuiKv, "Thought: a\nAction: click(start_box='(40,40)')", Verdict.Right)]
    [InlineData(Profile.StarKv, "Thought: a\nAction: click(start_box='(40,40)')", Verdict.Right)]
    [InlineData(Profile.StarKv, "click(40, 40)", Verdict.Wrong)]
    [InlineData(Profile.GuiKv, "click(40, 40)", Verdict.Unreadable)]
    [InlineData(Profile.GuiKv, "Action: type(content='a')", Verdict.Unreadable)]
    public void Released_parsers_read_as_they_do(Profile profile, string text, Verdict verdict) => Assert.Equal(verdict, Open(profile).Tasks[0].Judge(Answers.Of(text, 196, 280)).Verdict);

    [Fact]
    public void OpenCua_answers_are_read_as_code() =>
        Assert.All([Profile.GuiKv, Profile.StarKv, Profile.Strict], profile => Assert.Equal(Verdict.Right, Open(profile, AnswerFamily.OpenCua).Tasks[0].Judge(Answers.Of("```python\npyautogui.click(x=40, y=40)\n```", 196, 280)).Verdict));

    [Theory]
    [InlineData(AnswerFamily.GuiOwl, "Action: Click the box\n<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"left_click\", \"coordinate\": [250, 150]}}\n</tool_call>", Verdict.Right)]
    [InlineData(AnswerFamily.GuiOwl, "<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"mouse_move\", \"coordinate\": [900, 900]}}\n</tool_call>", Verdict.Wrong)]
    [InlineData(AnswerFamily.GuiOwl, "<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"left_click\", \"coordinate\": [250", Verdict.Unreadable)]
    [InlineData(AnswerFamily.Qwen3Vl, "<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"left_click\", \"coordinate\": [250, 150]}}\n</tool_call>", Verdict.Right)]
    [InlineData(AnswerFamily.UiVenus, "[250,150]", Verdict.Right)]
    [InlineData(AnswerFamily.UiVenus, "[0,50,500,250]", Verdict.Right)]
    [InlineData(AnswerFamily.UiVenus, "[-1,-1]", Verdict.Wrong)]
    [InlineData(AnswerFamily.UiVenus, "the box", Verdict.Unreadable)]
    public void Thousandths_of_the_screen_are_read_whatever_the_model_counts(AnswerFamily family, string text, Verdict verdict) =>
        Assert.Equal(verdict, Open(Profile.Strict, family).Tasks[0].Judge(Answers.Of(text, 196, 280)).Verdict);

    [Theory]
    [InlineData(AnswerFamily.GuiOwl, "gui-owl.grounding")]
    [InlineData(AnswerFamily.UiVenus, "ui-venus.grounding")]
    [InlineData(AnswerFamily.Qwen3Vl, "qwen3vl.computer")]
    public void Families_of_one_architecture_are_asked_by_their_own_styles(AnswerFamily family, string style)
    {
        var benchmark = Open(Profile.Strict, family);
        Assert.Equal(style, benchmark.Settings["prompt"]);
        var messages = benchmark.Tasks[0].Open().Conversation!([new MergedGrid(7, 10)], []);
        var expected = new TaskConversation(PromptStyle.Get(style), "open the box", [new ConversationTurn([new MergedGrid(7, 10)])]).Messages();
        Assert.Equal(ChatTemplate.Render(expected), ChatTemplate.Render(messages));

        var options = new BenchmarkOptions(_files.At("annotations"), _files.At("images")) { Family = family };
        Assert.Contains(
            "by the rules of strict alone",
            Assert.Throws<StarKvException>(() => ScreenSpotV2Benchmark.Published.Load(options with { Profile = Profile.GuiKv })).Message, StringComparison.Ordinal);
        Assert.Contains(
            $"does not ask the family {family.ToString().ToLowerInvariant()}; it asks uitars, opencua",
            Assert.Throws<StarKvException>(() => PublishedBenchmarks.All.Single(b => b.Name == "androidcontrol").Load(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen2_5_vl", null, AnswerFamily.UiTars)]
    [InlineData("opencua", null, AnswerFamily.OpenCua)]
    [InlineData("qwen3_vl", null, AnswerFamily.Qwen3Vl)]
    [InlineData("qwen3_vl", "qwen3vl.mobile", AnswerFamily.Qwen3Vl)]
    [InlineData("qwen3_vl", "gui-owl.computer", AnswerFamily.GuiOwl)]
    [InlineData("qwen3_vl", "ui-venus.grounding", AnswerFamily.UiVenus)]
    public void A_folder_tells_its_family(string type, string? style, AnswerFamily family)
    {
        _files.Json("model/config.json", new { model_type = type });
        if (style is not null)
            _files.Json("model/starkv.json", new { prompt = style });
        Assert.Equal(family, AnswerFamilies.Detect(_files.At("model")));
    }

    [Fact]
    public void Both_means_are_reported()
    {
        // 1 of 2 mobile text and icon rows, 0 of 1 desktop text row; the released mean gives every cell the same weight.
        var metrics = ScreenSpotV2Metrics.Of([("mobile", new("text", Verdict.Right)), ("mobile", new("icon", Verdict.Right)), ("mobile", new("icon", Verdict.Unreadable)), ("desktop", new("text", Verdict.Wrong))], Profile.GuiKv);
        Assert.Equal((3, 0.5, 0.5, 0.5, 0.5, 1), (metrics.TotalSamples, metrics.OverallAccuracy!.Value, metrics.TextAccuracy!.Value, metrics.IconAccuracy!.Value, metrics.MicroAccuracy, metrics.WrongFormatSamples));
        Assert.Null(metrics.TaskBreakdown[1].CombinedAccuracy is null ? null : metrics.TaskBreakdown[1].IconAccuracy);
        Assert.Equal(4, ScreenSpotV2Metrics.Of([("web", new("text", Verdict.Unreadable)), .. Enumerable.Repeat(("web", new StarKV.Evaluation.Benchmarks.ScreenSpot.Hit("icon", Verdict.Wrong)), 3)], Profile.Strict).TotalSamples);
    }

    [Fact]
    public void A_profile_that_it_does_not_have_is_refused() =>
        Assert.Contains("has no profile official; it has guikv, starkv, strict", Assert.Throws<StarKvException>(() => ScreenSpotV2Benchmark.Published.Load(new BenchmarkOptions("", "") { Profile = Profile.Official })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_run_goes_on_where_it_was_and_another_profile_is_refused()
    {
        mini.Of(Open(Profile.Strict), _files.At("run"), most: 1);
        var first = new RunFolder(_files.At("run")).Samples()["mobile-0000"];
        var (samples, _) = mini.Of(Open(Profile.Strict), _files.At("run"));
        Assert.Equal(first.Milliseconds, samples["mobile-0000"].Milliseconds);
        Assert.Contains("screenspot-v2/strict", Assert.Throws<StarKvException>(() => mini.Of(Open(Profile.GuiKv), _files.At("run"))).Message, StringComparison.Ordinal);
    }
}
