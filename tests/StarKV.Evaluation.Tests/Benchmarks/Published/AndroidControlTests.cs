using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

public sealed class AndroidControlTests(MiniRun mini) : IClassFixture<MiniRun>, IDisposable
{
    private const int Width = 196, Height = 392;
    private readonly Fixture _files = Files();

    public void Dispose() => _files.Dispose();

    private static Fixture Files()
    {
        var files = new Fixture();
        object Node(string text, int x, int y, int width, int height) => new { text, content_description = (string?)null, is_visible = true, bbox_pixels = new { x_min = x, x_max = x + width, y_min = y, y_max = y + height, width, height } };
        object[] tree = [Node("", 0, 0, Width, Height), new[] { Node("Clock", 20, 30, 60, 20), Node("Back", 0, 0, 20, 20) }];
        object Row(int episode, int step, object action) => new { episode_id = episode, step, goal = "Set an alarm", step_instruction = "Tap the plus", previous_actions = new[] { "Open the Clock app" }, screenshot = $"{episode}/screenshot_{step}.png", action, accessibility_tree = tree };
        files.Json("data/500_steps.json", new object[]
        {
            Row(12, 1, new { action_type = "click", x = 50, y = 40 }), Row(12, 2, new { action_type = "type_text", text = "7:15", x = 50, y = 40 }),
            Row(13, 0, new { action_type = "scroll", direction = "down" }), Row(13, 1, new { action_type = "open_app", app_name = "Clock" }),
            Row(14, 0, new { action_type = "navigate_back" }), Row(14, 9, new { action_type = "status", goal_status = "successful" }), new { episode_id = 15 },
        });
        files.Json("android_control_test.json", new[] { 12, 13, 14 }.Select(e => new
        {
            episode = new { episode_id = e, screenshot_paths = new[] { 0, 1, 2 }.Select(k => $"{e}/screenshot_{k}.png"), actions = new[] { 0, 1, 2, 3 }, step_instructions = new[] { "First", "Second" } },
        }));
        foreach (var name in new[] { "12/screenshot_0", "12/screenshot_1", "12/screenshot_2", "13/screenshot_0", "13/screenshot_1", "14/screenshot_0" })
            files.Png($"{name}.png", Width, Height);
        return files;
    }

    private AndroidControlBenchmark Open(Profile profile = Profile.Strict, int? slots = null, InstructionLevel level = InstructionLevel.High, PromptSource? prompts = null) => new(
        new BenchmarkOptions(_files.At("data"), _files.Path) { Profile = profile, ImageSlots = slots, Level = level, Prompts = prompts ?? PromptSource.Shipped });

    private static IReadOnlyList<ChatMessage> Messages(TaskInput input) => input.Conversation!([.. input.Screens.Select(s => MergedGrid.OfPixels(s.Width, s.Height))], []);

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public void The_shipped_model_runs_it(int? slots)
    {
        var (samples, cells) = mini.Of(Open(slots: slots), _files.At("run"), slots is null ? null : MemorySpan.Session);
        Assert.Equal(["step-0005", "step-0006"], samples.Values.Where(s => s.Error is not null).Select(s => s.Task).Order());
        Assert.All(cells, c => Assert.Equal((5, 2), ((int)c!["metrics"]!["total_steps"]!, (int)c["metrics"]!["grounding_steps"]!)));
        Assert.Equal(slots is null ? 1 : 3, samples["step-0001"].ImageTokens / samples["step-0002"].ImageTokens);
    }

    [Fact]
    public void A_history_shows_earlier_screens_with_their_instructions()
    {
        var input = Open(slots: 3).Tasks[1].Open();
        var messages = Messages(input);
        Assert.Equal((3, 5), (input.Screens.Count, messages.Count));
        Assert.Equal(["Step 1:\nFirst\n", "Step 2:\nSecond\n"], messages.Where(m => m.Role is ChatRole.Assistant).Select(m => ((TextPart)m.Parts[0]).Text));
        Assert.DoesNotContain("Open the Clock app", ((TextPart)messages[^1].Parts[1]).Text, StringComparison.Ordinal);
        Assert.Equal(Open(slots: 3).Tasks[0].Id, Open(slots: 3).Tasks[1].Previous?.Id);
        Assert.Null(Open(slots: 3).Tasks[2].Previous);
        // The public file has no step_index, so the released program finds no history.
        Assert.Single(Open(Profile.StarKv, 3, prompts: Prompts()).Tasks[1].Open().Screens);
        Assert.Contains("one screenshot", Assert.Throws<StarKvException>(() => Open(Profile.GuiKv, 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_tell_the_goal_or_the_step_too()
    {
        var high = ((TextPart)Messages(Open().Tasks[0].Open())[^1].Parts[1]).Text;
        var low = ((TextPart)Messages(Open(level: InstructionLevel.Low).Tasks[0].Open())[^1].Parts[1]).Text;
        Assert.Contains("Set an alarm", high, StringComparison.Ordinal);
        Assert.Contains("Open the Clock app", high, StringComparison.Ordinal);
        Assert.DoesNotContain("Tap the plus", high, StringComparison.Ordinal);
        Assert.Contains("Tap the plus", low, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_not_shipped_come_from_the_users_file()
    {
        Assert.Contains("--prompts", Assert.Throws<StarKvException>(() => Open(Profile.GuiKv).Tasks[0].Open()).Message, StringComparison.Ordinal);
        var messages = Messages(Open(Profile.GuiKv, prompts: Prompts()).Tasks[0].Open());
        Assert.Equal("You are a helpful assistant. ", ((TextPart)messages[0].Parts[0]).Text);
        Assert.Equal("Goal Set an alarm after Open the Clock app", ((TextPart)messages[1].Parts[1]).Text);
    }

    [Theory]
    // A click on the node's corner, and one beside it that only the lenient profile forgives.
    [InlineData(0, "click(start_box='(80,50)')", Verdict.Right, Verdict.Right, Verdict.Right)]
    [InlineData(0, "click(start_box='(85,50)')", Verdict.Wrong, Verdict.Right, Verdict.Wrong)]
    [InlineData(0, "long_press(start_box='(50,40)')", Verdict.Wrong, Verdict.Right, Verdict.Wrong)]
    // Typed text has no point, so the released programs never count it.
    [InlineData(1, "type(content='7:15')", Verdict.Wrong, Verdict.Wrong, Verdict.Right)]
    [InlineData(1, "type(content='7:16')", Verdict.Wrong, Verdict.Wrong, Verdict.Wrong)]
    [InlineData(2, "scroll(start_box='(50,40)', direction='down')", Verdict.Right, Verdict.Right, Verdict.Right)]
    [InlineData(2, "scroll(start_box='(50,40)', direction='up')", Verdict.Wrong, Verdict.Right, Verdict.Wrong)]
    [InlineData(3, "click(start_box='(50,40)')", Verdict.Right, Verdict.Right, Verdict.Right)]
    [InlineData(3, "open_app(app_name='Mail')", Verdict.Right, Verdict.Right, Verdict.Wrong)]
    [InlineData(3, "open_app(app_name='clock')", Verdict.Right, Verdict.Right, Verdict.Right)]
    [InlineData(4, "press_back()", Verdict.Right, Verdict.Right, Verdict.Right)]
    [InlineData(4, "click(start_box='(10,10)')", Verdict.Right, Verdict.Right, Verdict.Right)]
    [InlineData(4, "click(start_box='(25,90)')", Verdict.Wrong, Verdict.Right, Verdict.Wrong)]
    [InlineData(5, "finished(content='done')", Verdict.Right, Verdict.Right, Verdict.Right)]
    [InlineData(5, "finished(content='I cannot')", Verdict.Wrong, Verdict.Wrong, Verdict.Wrong)]
    [InlineData(0, "hmm", Verdict.Unreadable, Verdict.Unreadable, Verdict.Unreadable)]
    public void Each_profile_has_its_rules(int row, string call, Verdict guikv, Verdict starkv, Verdict strict)
    {
        var text = $"Thought: a\nAction: {call}";
        Assert.Equal((guikv, starkv, strict), (Verdict(Profile.GuiKv), Verdict(Profile.StarKv), Verdict(Profile.Strict)));
        Verdict Verdict(Profile profile) => Open(profile).Tasks[row].Judge(Answers.Of(text, Width, Height)).Verdict;
    }

    [Fact]
    public void The_official_grounding_accuracy_is_of_predicted_types()
    {
        var benchmark = Open(Profile.Official);
        var answers = new[] { "Action: click(start_box='(50,40)')", "Action: click(start_box='(50,40)')" }.Select((text, i) =>
        {
            var judged = benchmark.Tasks[i].Judge(Answers.Of(text, Width, Height));
            return (benchmark.Tasks[i].Id, (AnswerRecord?)(FakeRun.Answer(FakeRun.Tasks[0]).Answers[0] with { Verdict = judged.Verdict, Measures = judged.Measures }));
        }).ToDictionary();
        var metrics = Assert.IsType<AndroidControlMetrics>(benchmark.Metrics(answers));
        Assert.Equal((1, 2, 1, 1), (metrics.CorrectSteps, metrics.TotalSteps, metrics.CorrectGroundingSteps, metrics.GroundingSteps));
    }

    private PromptSource Prompts()
    {
        _files.Json("prompts.json", new { prompts = new[] { new { id = "androidcontrol.uitars.high", text = "Goal {goal} after {previous_actions}" } } });
        return PromptSource.Of(_files.At("prompts.json"));
    }
}
