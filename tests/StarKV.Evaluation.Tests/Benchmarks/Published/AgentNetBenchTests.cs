using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Released;
using StarKV.Evaluation.Runs;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

public sealed class AgentNetBenchTests(MiniRun mini) : IClassFixture<MiniRun>, IDisposable
{
    private const int Width = 280, Height = 196;
    private readonly Fixture _files = Files();

    public void Dispose() => _files.Dispose();

    private static Fixture Files()
    {
        var files = new Fixture();
        object Click(double x, double y) => new { type = "click", @params = new { position = new { x, y } }, metadata = new { bboxes = new[] { new { category_id = 1, rel_bbox = new[] { x - 0.05, y - 0.05, 0.1, 0.1 } } } } };
        object Step(string task, int k, params object[] truth) => new
        {
            step_num = k,
            image = $"{task}_{k}.png",
            action = "pyautogui.click(x=0.4, y=0.2)",
            milestone = k == 1,
            inner_monologue = new { observation = $"seen {k}", thought = $"thought {k}", low_level_instruction = $"done {k}" },
            ground_truth_actions = truth,
            alternative_options = new[] { new[] { new { type = "press", @params = new { keys = new[] { "enter" } }, metadata = new { } } } },
        };
        object scroll = new { type = "scroll", @params = new { position = new { x = 0.5, y = 0.5 }, amount = -5 }, metadata = new { } };
        object move = new { type = "moveTo", @params = new { position = new { x = 0.5, y = 0.5 } }, metadata = new { } };
        files.Json("test_data/s_01.json", new { task_id = "s_01", high_level_task_description = "Turn it on", meta_info = new { system = "windows" }, steps = Enumerable.Range(1, 6).Select(k => k == 3 ? Step("s_01", 3, move, scroll) : Step("s_01", k, Click(0.4, 0.2))) });
        files.Json("test_data/s_02.json", new { task_id = "s_02", user_task_description = "Turn it off", steps = new[] { Step("s_02", 1, Click(0.5, 0.5)), new { step_num = 2 }, Step("s_02", 4, Click(0.5, 0.5)) } });
        files.Text("test_data/s_03.json", "{ cut");
        files.Text("test_data/mapping.json", "{}");
        foreach (var name in new[] { "s_01_1", "s_01_2", "s_01_3", "s_01_4", "s_01_5", "s_01_6", "s_02_1" })
            files.Png($"test_data/images/{name}.png", Width, Height);
        return files;
    }

    private AgentNetBenchmark Open(Profile profile = Profile.Strict, int? slots = null, AnswerFamily family = AnswerFamily.UiTars, PromptSource? prompts = null) => new(
        new BenchmarkOptions(_files.At("test_data"), _files.At("test_data/images")) { Profile = profile, ImageSlots = slots, Family = family, Prompts = prompts ?? PromptSource.Shipped });

    private static IReadOnlyList<ChatMessage> Messages(TaskInput input, params IReadOnlyList<string?> earlier) =>
        input.Conversation!([.. input.Screens.Select(s => MergedGrid.OfPixels(s.Width, s.Height))], earlier);

    private static List<string> Spoken(IReadOnlyList<ChatMessage> messages) => [.. messages.Where(m => m.Role is ChatRole.Assistant).Select(m => ((TextPart)m.Parts[0]).Text)];

    [Theory]
    [InlineData(MemorySpan.Sample)]
    [InlineData(MemorySpan.Session)]
    public void The_shipped_model_runs_it_and_a_run_that_goes_on_equals_one_that_was_not_stopped(MemorySpan memory)
    {
        string[] methods = ["star-kv", "knorm"];
        var (whole, cells) = mini.Of(Open(), _files.At("whole"), memory, methods: methods);
        Assert.Equal(["s_02/02", "s_02/03", "s_03/01"], whole.Values.Where(s => s.Error is not null).Select(s => s.Task).Order());
        Assert.All(cells, c => Assert.Equal((7, 2), ((int)c!["metrics"]!["total_steps"]!, (int)c["metrics"]!["total_trajectories"]!)));
        Assert.Equal(5, whole["s_01/06"].ImageTokens / whole["s_01/01"].ImageTokens);
        mini.Of(Open(), _files.At("stopped"), memory, most: 4, methods: methods);
        var (resumed, _) = mini.Of(Open(), _files.At("stopped"), memory, methods: methods);
        Assert.Equal(whole.Values.Select(s => (s.Task, string.Join('|', s.Answers.Select(a => a.Answer)))).Order(), resumed.Values.Select(s => (s.Task, string.Join('|', s.Answers.Select(a => a.Answer)))).Order());
    }

    [Fact]
    public void Every_method_runs_its_first_step() => mini.Of(Open(), _files.At("every"), most: 1);

    [Fact]
    public void A_step_sees_the_screens_of_its_window_and_its_own_earlier_answers()
    {
        var input = Open(slots: 3).Tasks[3].Open();
        Assert.Equal(["s_01_2.png", "s_01_3.png", "s_01_4.png"], input.Screens.Select(s => s.Name));
        var messages = Messages(input, "one", null, "three");
        Assert.Equal([ChatRole.Assistant, ChatRole.User, ChatRole.Assistant, ChatRole.User, ChatRole.Assistant, ChatRole.User], messages.Select(m => m.Role));
        var spoken = Spoken(messages);
        Assert.Equal(("one", "three"), (spoken[0], spoken[2]));
        // A step that was not answered stands as recorded.
        Assert.Contains("thought 2", spoken[1], StringComparison.Ordinal);
        Assert.Single(Open(slots: 1).Tasks[3].Open().Screens);
    }

    [Fact]
    public void Released_conversations_have_their_oddities()
    {
        _files.Json("prompts.json", new { prompts = new[] { "agentnetbench.uitars", "agentnetbench.opencua.guikv", "agentnetbench.opencua.starkv.system", "agentnetbench.opencua.starkv.user" }.Select(id => new { id, text = id + " {instruction}" }) });
        var prompts = PromptSource.Of(_files.At("prompts.json"));
        Assert.Equal("# Step 1:\nStep 1:\none", Spoken(Messages(Open(Profile.GuiKv, prompts: prompts).Tasks[1].Open(), "one"))[0]);
        // Sixth step: the window's screens are missing, and the fourth stands before the first answer.
        var stale = Open(Profile.GuiKv, family: AnswerFamily.OpenCua, prompts: prompts).Tasks[5].Open();
        Assert.Equal(["s_01_4.png", "s_01_6.png"], stale.Screens.Select(s => s.Name));
        Assert.Single(Open(Profile.GuiKv, family: AnswerFamily.OpenCua, prompts: prompts).Tasks[4].Open().Screens);
        var alone = Open(Profile.StarKv, family: AnswerFamily.OpenCua, prompts: prompts).Tasks[5].Open();
        Assert.Equal([ChatRole.System, ChatRole.User], Messages(alone, "a", "b", "c", "d", "e").Select(m => m.Role));
        var official = Messages(Open(Profile.Official, family: AnswerFamily.OpenCua).Tasks[5].Open(), "a", "b", "c", "d", "e");
        Assert.Equal((3, "# Step 1:\n## Thought:\nthought 1\n\n## Action:\ndone 1\n"), (official.Count(m => m.Parts[0] is ImagePart), Spoken(official)[0].TrimEnd('\n') + "\n"));
        Assert.Equal(MemorySpan.Session, Open(Profile.StarKv, prompts: prompts).Memory);
    }

    [Theory]
    [InlineData(0, "click(start_box='(112,39)')", 1, 1)]
    [InlineData(0, "hotkey(key='enter')", 0, 1)]
    [InlineData(2, "scroll(start_box='(140,98)', direction='down')", 0, 1)]
    [InlineData(2, "click(start_box='(112,39)')", 0, 0)]
    [InlineData(0, "wait()", 0, 0)]
    public void Profiles_score_steps(int step, string call, double guikv, double strict)
    {
        Assert.Equal((guikv, strict), (Score(Profile.GuiKv), Score(Profile.Strict)));
        double Score(Profile profile) => Open(profile).Tasks[step].Judge(Answers.Of($"Thought: a\nAction: {call}", Width, Height)).Measures!["score"];
    }

    [Fact]
    public void The_official_score_is_the_mean_over_types_and_tries_every_alternative()
    {
        TrueAction[] truth = [new("moveTo") { Point = new(0.5, 0.5) }, new("scroll")];
        OpenCuaAction move = new("moveTo") { Point = new(0.5, 0.5) };
        var score = new AllActionsScore(knowsTripleClick: false);
        Assert.Equal((0.5, false), score.Of([move], truth, []));
        Assert.Equal((1, false), score.Of([move, new("scroll") { Amount = 5 }], truth, []));
        Assert.Equal((1, true), score.Of([move], truth, [[truth[0]]]));
        Assert.Equal((1, false), score.Of([new("write") { Text = "a" }, new("press") { Keys = ["enter"] }], [new("write") { Text = "a\n" }], []));
        Assert.Equal((0, false), score.Of([new("triple_click") { Point = new(0.5, 0.5) }], [new("tripleClick") { Point = new(0.5, 0.5) }], []));
        Assert.Equal((1, false), new AllActionsScore(knowsTripleClick: true).Of([new("triple_click") { Point = new(0.5, 0.5) }], [new("tripleClick") { Point = new(0.5, 0.5) }], []));
        Assert.Equal((0, false), score.Of([new("terminate") { Text = "failure" }], [new("terminate") { Status = "success" }], []));
    }

    [Fact]
    public void Shards_and_draws_take_whole_trajectories()
    {
        var benchmark = Open();
        Assert.Equal(["s_01", "s_03"], new Shard(1, 2).Of(benchmark.Tasks).Select(t => t.Id[..4]).Distinct());
        var drawn = TaskSelection.Of(benchmark, FakeRun.Plan with { Seed = 7, Limit = 3 });
        Assert.All(drawn, t => Assert.All(t.Earlier, e => Assert.Contains(drawn, d => d.Id == e.Id)));
    }
}
