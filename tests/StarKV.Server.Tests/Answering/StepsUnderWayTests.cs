using StarKV.Decode;
using StarKV.Server.Answering;
using StarKV.Server.Sessions;
using StarKV.Server.Tests.Turns;
using StarKV.Server.Turns;

namespace StarKV.Server.Tests.Answering;

/// <summary>Who asks for a step that is under way is told all of it, in order; whoever is told may ask for steps meanwhile.</summary>
public sealed class StepsUnderWayTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly SessionSettings s_settings = new(null, null);

    private readonly StepsUnderWay _steps = new();
    private readonly KeptSession _session = new("sess_1", "", s_settings);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static StepRequest Asked(Action<string>? onText = null, string name = "task") => new(
        new SessionQuery("", s_settings, [TurnComparisonTests.Says("go")]) { Name = name }, new GenerationOptions())
    {
        OnText = onText,
    };

    private StepResult Result => new(_session, Outcome.New, null!);

    /// <summary>A step whose answer is written when the test says so.</summary>
    private Func<StepRequest, CancellationToken, Task<StepResult>> Writes(params string[] pieces) => (asked, _) =>
    {
        asked.OnBegun?.Invoke(new StepBegun(_session, Outcome.New));
        foreach (var piece in pieces)
            asked.OnText?.Invoke(piece);
        return Task.FromResult(Result);
    };

    [Fact]
    public async Task Whoever_is_told_may_wait_for_another_who_joins()
    {
        var (told, others) = (new TaskCompletionSource<string>(), Task.FromResult<StepResult?>(null));
        var first = Asked(text =>
        {
            if (text != "a")
                return;
            others = Task.Run(async () => (StepResult?)await _steps.AnswerAsync(Asked(t => told.TrySetResult(t)), Writes(), Stop), Stop);
            Assert.True(told.Task.Wait(s_patience, Stop), "The other one was not told while the first one is being told.");
        });
        Assert.Equal(Outcome.New, (await _steps.AnswerAsync(first, Writes("a", "b"), Stop)).Outcome);
        Assert.Equal("a", await told.Task);
        Assert.Equal(Outcome.Replay, (await others)!.Outcome);
    }

    [Fact]
    public async Task Whoever_joins_may_wait_for_another_step()
    {
        var (written, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = _steps.AnswerAsync(Asked(_ => written.TrySetResult()), async (asked, _) =>
        {
            asked.OnText!("a");
            await ended.Task;
            return Result;
        }, Stop);
        await written.Task;
        var joined = _steps.AnswerAsync(
            Asked(_ =>
            {
                var other = Task.Run(() => _steps.AnswerAsync(Asked(name: "another"), Writes("b"), Stop), Stop);
                Assert.True(other.Wait(s_patience, Stop), "No other step begins while somebody is told.");
            }),
            Writes(), Stop);
        ended.SetResult();
        Assert.Equal((Outcome.New, Outcome.Replay), ((await first).Outcome, (await joined).Outcome));
    }

    [Fact]
    public async Task Everybody_is_told_everything_in_order()
    {
        const int Pieces = 500;
        var expected = Enumerable.Range(0, Pieces).Select(i => $"{i} ").ToArray();
        var texts = Enumerable.Range(0, 8).Select(_ => new List<string>()).ToList();
        var begun = new TaskCompletionSource();
        var first = _steps.AnswerAsync(Asked(texts[0].Add), async (asked, _) =>
        {
            foreach (var piece in expected)
            {
                asked.OnText!(piece);
                begun.TrySetResult();
                await Task.Yield();
            }

            return Result;
        }, Stop);
        await begun.Task;
        var others = texts.Skip(1).Select(t => Task.Run(() => _steps.AnswerAsync(Asked(t.Add), Writes(expected), Stop), Stop));
        await Task.WhenAll([first, .. others]);
        Assert.All(texts, t => Assert.Equal(string.Concat(expected), string.Concat(t)));
    }

    [Fact]
    public async Task Whoever_has_left_is_told_nothing_more_and_the_others_are()
    {
        var (joined, left, going) = (new TaskCompletionSource(), new TaskCompletionSource(), new List<string>());
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var staying = new List<string>();
        var first = _steps.AnswerAsync(Asked(going.Add), async (asked, _) =>
        {
            asked.OnText!("a");
            joined.SetResult();
            await left.Task;
            asked.OnText!("b");
            return Result;
        }, leave.Token);
        await joined.Task;
        var second = _steps.AnswerAsync(Asked(staying.Add), Writes(), Stop);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        left.SetResult();
        Assert.Equal(Outcome.Replay, (await second).Outcome);
        Assert.Equal(["a"], going);
        Assert.Equal(["a", "b"], staying);
    }
}
