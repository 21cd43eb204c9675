using StarKV.Budget;
using StarKV.Input;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Tests.Agent;
using StarKV.Text;

namespace StarKV.Tests.Sessions;

/// <summary>What windows of screenshots and of answers leave in a conversation, and that nothing grows with both.</summary>
[Collection(MiniModelTests.Name)]
public sealed class SessionWindowTests(MiniModel mini)
{
    private readonly MiniEpisode _episode = new();

    private static SessionOptions Options(KvStorage storage = KvStorage.Lossless) => new()
    {
        Method = new SnapKv(),
        Budget = KvBudget.Tokens(80),
        Storage = storage,
        Prompt = PromptStyle.Get("mini"),
        Generation = new() { MaxNewTokens = 4 },
    };

    public static TheoryData<KvStorage> Storages => [.. Enum.GetValues<KvStorage>()];

    public static TheoryData<WindowSlide, InstructionPosition> Slides { get; } = new(
        from slide in Enum.GetValues<WindowSlide>()
        from position in Enum.GetValues<InstructionPosition>()
        select (slide, position));

    /// <summary>Noise of 4×4 cells, another picture at each step.</summary>
    private static Screenshot Small(int step)
    {
        var rgb = new byte[112 * 112 * 3];
        new Random(step).NextBytes(rgb);
        return Screenshot.FromRgb(rgb, 112, 112, $"noise {step}");
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void In_two_hundred_steps_with_windows_nothing_grows(KvStorage storage)
    {
        const int Steps = 200, Window = 5, WarmUp = 2 * Window;
        using var session = mini.Agent.OpenSession(
            _episode.Instruction, Options(storage) with { FrameWindow = Window, AnswerWindow = Window, Position = InstructionPosition.First });
        var (held, tensors) = (new List<(long Tokens, long Device, long Host)>(), new List<long>());
        for (var step = 0; step < Steps; step++)
        {
            Assert.Empty(session.Step(Small(step)).Session!.Notes);
            var kv = session.Kv;
            held.Add((kv.Tokens, kv.DeviceBytes, kv.HostBytes));
            tensors.Add(mini.Agent.LiveTensors);
        }

        Assert.Single(tensors.Distinct());
        // Answers have four tokens at most, so each of five turns may be shorter by as many.
        var (least, most) = (held.Skip(WarmUp).Min(), held.Skip(WarmUp).Max());
        Assert.InRange(most.Tokens - least.Tokens, 0, (Window + 1) * 4);
        var half = (Steps - WarmUp) / 2;
        Assert.Equal(Mean(held.Skip(WarmUp).Take(half)), Mean(held.Skip(WarmUp + half)), (Window + 1) * 4.0);
        Assert.All(held.Skip(WarmUp), h => Assert.InRange(h.Device + h.Host, 1, (long)(1.05 * (held[WarmUp].Device + held[WarmUp].Host))));
        Assert.Equal((Steps, Window), (session.Steps, session.Frames));

        static double Mean(IEnumerable<(long Tokens, long Device, long Host)> held) => held.Average(h => h.Tokens);
    }

    [Fact]
    public void With_a_window_of_screenshots_alone_each_step_leaves_its_answer()
    {
        using var session = mini.Agent.OpenSession(
            _episode.Instruction, Options() with { FrameWindow = 1, Position = InstructionPosition.First });
        var tokens = Enumerable.Range(0, 6).Select(step => session.Step(Small(step)).Session!.Tokens).ToList();
        // Its answer and the markers around it.
        Assert.All(tokens.Skip(1).Zip(tokens), pair => Assert.InRange(pair.First - pair.Second, 5, 20));
    }

    [Theory]
    [MemberData(nameof(Slides))]
    public void Old_turns_leave_whole(WindowSlide slide, InstructionPosition position)
    {
        foreach (var storage in Enum.GetValues<KvStorage>())
        {
            var full = storage == KvStorage.Evict;
            var options = Options(storage) with
            {
                FrameWindow = 2,
                AnswerWindow = 3,
                Slide = slide,
                Position = position,
                PastActions = ["wait()"],
                Method = full ? new Full() : new SnapKv(),
                Budget = full ? KvBudget.All : KvBudget.Tokens(80),
            };
            using var session = mini.Agent.OpenSession(_episode.Instruction, options);
            List<string> answers = ["wait()"];
            for (var step = 0; step < 6; step++)
            {
                var answer = session.Step(Small(step));
                var again = mini.Agent.AnswerMany(
                    [.. Enumerable.Range(0, step + 1).TakeLast(2).Select(Small)], _episode.Instruction,
                    new ManyAnswersOptions
                    {
                        Compressions = [new(new Full(), KvBudget.All)],
                        PastActions = [.. answers.TakeLast(3)],
                        Position = position,
                        Prompt = options.Prompt,
                        Generation = options.Generation,
                    });
                Assert.Equal(again.Prompt.Ids.ToArray(), session.Kv.Kept!.Prompt.Ids.ToArray());
                if (slide == WindowSlide.Exact && full)
                    Assert.Equal(again.Answers[0].OrThrow().Tokens, answer.Tokens);
                // An instruction in the message of the oldest screenshot moves when that leaves, and all after it with it.
                if (slide == WindowSlide.Drop && step > 0 && position != InstructionPosition.Opening)
                    Assert.InRange(answer.Session!.TokensRead, 1, answer.Session.Tokens * 3 / 4);
                Assert.Equal((step + 2, 0), (answer.Session!.Step, answer.Session.Notes.Count));
                answers.Add(answer.Text);
            }
        }
    }

    [Fact]
    public void A_turn_in_which_the_user_said_something_stays()
    {
        using var session = _episode.Open(mini.Agent, Options() with { FrameWindow = 1, AnswerWindow = 0 });
        session.Step(Small(0), "Not the left one.");
        for (var step = 1; step < 4; step++)
            session.Step(Small(step));
        var prompt = session.Kv.Kept!.Prompt;
        Assert.Equal(2, prompt.Instructions.Count);
        // System, instruction, the words and their answer, the screenshot and the answer to come.
        Assert.Equal(
            [TokenClass.System, TokenClass.User, TokenClass.User, TokenClass.Assistant, TokenClass.User, TokenClass.Assistant],
            prompt.Messages.Select(m => m.Class));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void A_session_without_its_first_turns_is_saved_forked_and_taken_back(KvStorage storage)
    {
        using var folder = new TempFolder();
        using var session = _episode.Open(mini.Agent, Options(storage) with { FrameWindow = 1, AnswerWindow = 1 });
        for (var step = 0; step < 4; step++)
            session.Step(Small(step));
        session.Save(folder.File("session"));
        using var restored = mini.Agent.RestoreSession(folder.File("session"));
        using var fork = session.Fork();
        var next = session.Step(Small(4));
        Assert.Equal(next.Tokens, restored.Step(Small(4)).Tokens);
        Assert.Equal(next.Tokens, fork.Step(Small(4)).Tokens);
        Assert.Equal((5, 5), (session.Steps, restored.Steps));
        session.Rollback();
        Assert.Equal(4, session.Steps);
        Assert.Equal(5, session.Step(Small(5)).Session!.Step);
    }
}
