using System.Text.Json;
using StarKV.Input;

namespace StarKV.Cli.Tests.Commands;

public sealed class ChatCommandTests : IDisposable
{
    private static readonly MiniSample s_sample = MiniSample.Of("multi_step_instruction_first_0");
    private static readonly string[] s_files = s_sample.Files();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Task<CommandRun> Chat(IEnumerable<string> lines, params string[] more) =>
        CommandRun.Typed(isTyped: false, lines, ["chat", s_sample.Instruction, "--position", "first", "--device", "cpu", .. more]);

    /// <summary>What each step wrote with <c>--json</c>.</summary>
    private static List<JsonElement> Steps(CommandRun run) =>
        [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static string Answer(JsonElement step) => step.GetProperty("answer").GetString()!;

    private static int Session(JsonElement step, string name) => step.GetProperty("session").GetProperty(name).GetInt32();

    [Fact]
    public async Task Enter_shows_the_given_screenshots_and_each_step_answers_as_the_library_does()
    {
        var run = await Chat(["", "", ""], ["--images", .. s_files, "--method", "snapkv", "--keep", "40%", "--json"]);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        using var agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu");
        using var session = agent.OpenSession(s_sample.Instruction, new SessionOptions
        {
            Method = new StarKV.Score.SnapKv(),
            Budget = StarKV.Budget.KvBudget.Keep(0.4),
            Position = StarKV.Text.InstructionPosition.First,
        });
        var steps = Steps(run);
        Assert.Equal(3, steps.Count);
        foreach (var (step, file) in steps.Zip(s_files))
        {
            var answer = session.Step(Screenshot.Load(file));
            Assert.Equal(answer.Text, Answer(step));
            Assert.Equal(
                (answer.Session!.Step, answer.Session.TokensRead, answer.Session.Tokens, (int)session.Kv.HostBytes, 0),
                (Session(step, "step"), Session(step, "tokensRead"), Session(step, "tokens"), Session(step, "hostBytes"), Session(step, "deviceBytes")));
            Assert.Equal("lossless", step.GetProperty("session").GetProperty("storage").GetString());
            Assert.Equal(answer.Point!.Value.X, step.GetProperty("action").GetProperty("point")[0].GetInt32());
            Assert.Equal(("snapkv", "40%"), (step.GetProperty("method").GetString(), step.GetProperty("keep").GetString()));
        }

        Assert.True(Session(steps[2], "tokensRead") < Session(steps[2], "tokens") / 2);
    }

    [Fact]
    public async Task Options_reach_the_session()
    {
        var run = await Chat(
            ["", "", ""],
            ["--images", .. s_files, "--storage", "evict", "--keep", "120t", "--window", "2", "--slide", "exact", "--protect", "none", "--max-new-tokens", "3", "--json"]);
        var steps = Steps(run);
        Assert.Equal([0, 0, 1], steps.Select(s => Session(s, "framesDropped")));
        Assert.All(steps, s => Assert.Equal("evict", s.GetProperty("session").GetProperty("storage").GetString()));
        Assert.All(steps, s => Assert.Equal((0, 3), (Session(s, "hostBytes"), s.GetProperty("answerTokens").GetInt32())));
        Assert.All(steps, s => Assert.All(s.GetProperty("kv").GetProperty("rowsPerLayer").EnumerateArray(), rows => Assert.Equal(120, rows.GetInt32())));
        // Cut answers have no action.
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
    }

    [Fact]
    public async Task A_line_that_cannot_be_done_is_a_sentence_and_the_session_goes_on_as_it_was()
    {
        var broken = _folder.Write("broken.png", "no picture");
        string[] lines =
        [
            "Go on.", "/undo", _folder.File("none.png"), broken, s_files[0], "/drop 2", "/drop x", "/back", "/sav", "/save", $"/save {s_files[0]}",
            $"/save {broken}/x", "", "a\0b", s_files[1],
        ];
        var run = await Chat(lines, "--json");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        string[] said =
        [
            "no screenshot", "no finished step", "none.png", "broken.png", "There is no screenshot 2 in the session, which has 1", "no screenshot x",
            "no fork to leave", "no command /sav; /help lists them. Did you mean /save?", "lacks the name of a file", "it is a screenshot that is read",
            "The session cannot be written", "none were given with --images", "holds a NUL",
        ];
        var errors = run.Error.Split('\n').Where(line => line.StartsWith("starkv: ", StringComparison.Ordinal)).ToList();
        Assert.Equal(said.Length, errors.Count);
        Assert.All(said.Zip(errors), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        var alone = await Chat([s_files[0], s_files[1]], "--json");
        Assert.Equal(ExitCodes.Success, alone.ExitCode);
        Assert.Equal(Steps(alone).Select(Answer), Steps(run).Select(Answer));
        Assert.Equal([1, 2], Steps(run).Select(s => Session(s, "step")));
    }

    [Fact]
    public async Task Who_types_has_seen_what_failed()
    {
        var run = await CommandRun.Typed(isTyped: true, [_folder.File("none.png"), "", "/quit", "/undo"], "chat", "Click", "--device", "cpu");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("none.png", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("finished step", run.Error, StringComparison.Ordinal);
        Assert.Contains("Type the path of a screenshot, or /help.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_was_taken_back_shows_its_screenshot_again()
    {
        var run = await Chat(["", "", "/undo", "", "/undo", "/undo", "", ""], ["--images", .. s_files[..2], "--json"]);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var tooMany = await Chat(["", ""], "--images", s_files[0], "--json");
        Assert.Equal(ExitCodes.Failed, tooMany.ExitCode);
        Assert.Contains("There is no next screenshot after 1 screenshot of --images; type a path.", tooMany.Error, StringComparison.Ordinal);
        var steps = Steps(run);
        Assert.Equal([1, 2, 2, 1, 2], steps.Select(s => Session(s, "step")));
        Assert.Equal((Answer(steps[0]), Answer(steps[1])), (Answer(steps[3]), Answer(steps[2])));
    }

    [Fact]
    public async Task A_fork_is_left_for_the_session_that_it_was_made_from()
    {
        var run = await Chat(["", "/fork", $"{s_files[2]} Go on.", "/fork", "", "/back", "/back", ""], ["--images", .. s_files, "--json"]);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var straight = Steps(await Chat(["", ""], ["--images", .. s_files, "--json"]));
        var steps = Steps(run);
        Assert.Equal([1, 2, 3, 2], steps.Select(s => Session(s, "step")));
        Assert.Equal(Answer(straight[1]), Answer(steps[3]));
        Assert.Equal(Session(straight[1], "tokens"), Session(steps[3], "tokens"));
        // The fork's second step has words besides.
        Assert.True(Session(steps[1], "tokens") > 0);
    }

    [Fact]
    public async Task A_saved_session_is_restored_with_its_options()
    {
        var file = _folder.File("my task.session");
        var first = await Chat(["", "", $"/save {file}"], ["--images", .. s_files, "--method", "snapkv", "--keep", "40%", "--json"]);
        Assert.Contains($"Saved: {file}", first.Error, StringComparison.Ordinal);
        var restored = await CommandRun.Typed(isTyped: false, ["/undo", s_files[2], "/kv"], "chat", "--restore", file, "--device", "cpu", "--json");
        Assert.Equal(ExitCodes.Failed, restored.ExitCode);
        Assert.Contains("was answered before it was saved", restored.Error, StringComparison.Ordinal);
        var through = Steps(await Chat(["", "", ""], ["--images", .. s_files, "--method", "snapkv", "--keep", "40%", "--json"]));
        var (step, kv) = (Steps(restored)[0], Steps(restored)[1].GetProperty("kv"));
        Assert.Equal(("snapkv", "40%", 3), (step.GetProperty("method").GetString(), step.GetProperty("keep").GetString(), Session(step, "step")));
        Assert.Equal(Answer(through[2]), Answer(step));
        Assert.Equal(Session(step, "hostBytes"), kv.GetProperty("hostBytes").GetInt32());
        Assert.Equal(
            ["system", "user", "screenshot 1", "screenshot 2", "screenshot 3", "answers"],
            kv.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.Equal(Session(step, "tokens"), kv.GetProperty("parts").EnumerateArray().Sum(p => p.GetProperty("tokens").GetInt32()));
    }

    [Fact]
    public async Task A_screenshot_that_is_dropped_leaves_with_the_next_step()
    {
        var steps = Steps(await Chat(["", "", "/drop", ""], ["--images", .. s_files, "--json"]));
        Assert.Equal([0, 0, 1], steps.Select(s => Session(s, "framesDropped")));
    }

    [Fact]
    public async Task What_does_not_fit_together_is_refused_before_anything_is_loaded()
    {
        (await CommandRun.Of("chat", " ")).Refused("no instruction was given", "--restore FILE");
        (await CommandRun.Of("chat", "Click", "--restore", "x")).Refused("a restored session has its instruction");
        (await CommandRun.Of("chat", "--restore", "x", "--storage", "evict")).Refused("--storage stands in the file of --restore");
        (await CommandRun.Of("chat", "--restore", _folder.File("x"))).Refused("x does not exist");
        (await CommandRun.Of("chat", "Click", "--images", _folder.Path)).Refused("names no screenshot");
        (await CommandRun.Of("chat", "Click", "--keep", "0%")).Refused("keep");
    }

    [Fact]
    public async Task A_file_that_is_no_session_is_refused() =>
        (await CommandRun.Of("chat", "--restore", _folder.Write("x", "no session"), "--device", "cpu")).Refused(_folder.File("x"));
}
