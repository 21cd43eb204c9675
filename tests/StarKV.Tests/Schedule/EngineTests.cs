using System.Diagnostics;
using System.Globalization;
using StarKV.Budget;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Schedule;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Sessions;
using StarKV.Tests.Agent;
using StarKV.Tests.Sessions;
using StarKV.Text;

namespace StarKV.Tests.Schedule;

/// <summary>Many requests on one agent, with the shipped model.</summary>
[Collection(MiniModelTests.Name)]
public sealed class EngineTests(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 4 } };
    private static readonly IReadOnlyList<MiniSample> s_samples = [.. MiniSample.All.Where(s => s.Files().Length <= 2).Take(6)];

    private static GuiAgent Load(EngineOptions options) => GuiAgent.Load(MiniModel.Folder, "cpu", engine: options);

    /// <summary>The bytes that a request needs, as the refusal of an engine that has none says.</summary>
    private static long Need(IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions options)
    {
        using var agent = Load(new EngineOptions { DeviceBytes = 1 });
        var message = Assert.Throws<StarKvMemoryException>(() => agent.Ground(screens, instruction, options)).Message;
        return long.Parse(message.Split("needs ")[1].Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until something is so, which it will be soon.</summary>
    private static async Task Until(Func<bool> holds)
    {
        for (var i = 0; i < 3000 && !holds(); i++)
            await Task.Delay(10);
        Assert.True(holds());
    }

    private static GroundingOptions Of(int i) => (i % 4) switch
    {
        0 => new() { Method = new SnapKv(), Budget = KvBudget.Keep(0.3) },
        1 => new() { Method = new Full() },
        2 => new() { Method = new EveryNTokens(new SnapKv(), 4), Budget = KvBudget.Keep(0.2) },
        _ => new() { Method = new Probe(), Budget = KvBudget.Keep(0.1) },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task Greedy_answers_among_others_are_those_given_alone(int others)
    {
        var asked = Enumerable.Range(0, others + 1).Select(i => (Screens: Screens(i), Options: Of(i))).ToList();
        var alone = asked.ConvertAll(a => mini.Agent.Ground(a.Screens, "Click \"Save\"", a.Options).Tokens);
        var live = mini.Agent.LiveTensors;
        var together = await Task.WhenAll(asked.Select(a => mini.Agent.GroundAsync(a.Screens, "Click \"Save\"", a.Options)));
        Assert.Equal(alone, together.Select(t => t.Tokens));
        Assert.Equal(live, mini.Agent.LiveTensors);

        // Real screens, and small ones of several sizes.
        static IReadOnlyList<Screenshot> Screens(int i) => i < 2 ? s_samples[i].Screens() : [MiniModel.Tiny(56 + 28 * i, 112)];
    }

    [Fact]
    public void Eight_threads_share_one_agent_and_sessions_step_side_by_side()
    {
        var options = new SessionOptions { Method = new SnapKv(), Budget = KvBudget.Keep(0.3), Prompt = PromptStyle.Get("mini") };
        var alone = new MiniEpisode().Run(mini.Agent, options, 2).Select(a => a.Text).ToList();
        var live = mini.Agent.LiveTensors;
        List<string>?[] answers = new List<string>?[8];
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
            answers[i] = [.. new MiniEpisode().Run(mini.Agent, options with { Storage = (KvStorage)(i % 3) }, 2).Select(a => a.Text)])).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        for (var i = 0; i < 8; i += 3)
            Assert.Equal(alone, answers[i]);
        Assert.All(answers, a => Assert.Equal(2, a!.Count));
        Assert.Equal(live, mini.Agent.LiveTensors);
    }

    [Fact]
    public async Task Whoever_leaves_harms_nobody_wherever_that_is()
    {
        var sample = s_samples[0];
        var right = mini.Agent.Ground(sample.Screens(), sample.Instruction).Tokens;
        var live = mini.Agent.LiveTensors;
        var random = new Random(5);
        var asked = Enumerable.Range(0, 15).Select(async i =>
        {
            using var stop = new CancellationTokenSource();
            if (i % 3 == 1)
                stop.CancelAfter(random.Next(1, 4000));
            var pieces = 0;
            try
            {
                var answer = await mini.Agent.GroundAsync(sample.Screens(), sample.Instruction, onText: _ =>
                {
                    if (i % 3 == 2 && ++pieces == i / 3)
                        stop.Cancel();
                }, cancellation: stop.Token);
                Assert.Equal(right, answer.Tokens);
                return true;
            }
            catch (OperationCanceledException)
            {
                Assert.NotEqual(0, i % 3);
                return false;
            }
        }).ToList();
        var ended = await Task.WhenAll(asked);
        Assert.All(ended.Where((_, i) => i % 3 == 0), Assert.True);
        Assert.Contains(false, ended);
        Assert.Equal(live, mini.Agent.LiveTensors);
    }

    [Fact]
    public async Task An_error_in_a_callback_is_that_of_its_own_answer()
    {
        var sample = s_samples[0];
        var asked = Enumerable.Range(0, 4).Select(i => mini.Agent.GroundAsync(
            sample.Screens(), sample.Instruction, onText: _ => ThrowIf(i == 2))).ToList();
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => asked[2])).Message);
        foreach (var i in new[] { 0, 1, 3 })
            Assert.NotEmpty((await asked[i]).Text);

        static void ThrowIf(bool mine)
        {
            if (mine)
                throw new InvalidOperationException("mine");
        }
    }

    [Fact]
    public async Task Too_many_that_wait_are_refused_and_those_that_wait_are_answered()
    {
        using var agent = Load(new EngineOptions { MaxWaiting = 2, MaxRunning = 1 });
        using var go = new ManualResetEventSlim();
        var first = agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, _ => go.Wait(TimeSpan.FromSeconds(60)));
        await Until(() => agent.EngineLoad.Running == 1);
        var waiting = Enumerable.Range(0, 2).Select(_ => agent.GroundAsync([MiniModel.Tiny()], "Click", s_short)).ToList();
        await Until(() => agent.EngineLoad.Waiting == 2);
        var refused = agent.GroundAsync([MiniModel.Tiny()], "Click", s_short);
        Assert.Contains("2 requests wait already", (await Assert.ThrowsAsync<StarKvBusyException>(() => refused)).Message, StringComparison.Ordinal);
        go.Set();
        await first;
        await Task.WhenAll(waiting);
        Assert.NotEmpty((await agent.GroundAsync([MiniModel.Tiny()], "Click", s_short)).Tokens);
    }

    [Fact]
    public async Task A_request_whose_time_is_up_ends_and_its_session_is_as_it_was()
    {
        var episode = new MiniEpisode();
        using var session = episode.Open(mini.Agent, new SessionOptions { Method = new SnapKv(), TimeLimit = TimeSpan.FromMinutes(5) });
        session.Step(episode.Screen(0));
        var before = session.Kv;
        var late = new GroundingOptions { TimeLimit = TimeSpan.FromMilliseconds(1) };
        var error = await Assert.ThrowsAsync<StarKvTimeoutException>(() => mini.Agent.GroundAsync(episode.Screens, "Click", late));
        Assert.Contains("00:00:00.0010000", error.Message, StringComparison.Ordinal);
        Assert.Equal(before.Tokens, session.Kv.Tokens);
        Assert.Throws<StarKvException>(() => mini.Agent.Ground(episode.Screen(0), "Click", late with { TimeLimit = TimeSpan.Zero }));
        Assert.NotEmpty(session.Step(episode.Screen(1)).Text);
    }

    [Fact]
    public async Task A_higher_priority_is_answered_first()
    {
        using var agent = Load(new EngineOptions { MaxRunning = 1 });
        using var go = new ManualResetEventSlim();
        var first = agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, _ => go.Wait(TimeSpan.FromSeconds(60)));
        await Until(() => agent.EngineLoad.Running == 1);
        List<int> order = [];
        var asked = new[] { 0, 0, 2, 1 }.Select((priority, i) => Ask(i, priority)).ToList();
        await Until(() => agent.EngineLoad.Waiting == 4);
        go.Set();
        await first;
        await Task.WhenAll(asked);
        // Which of the two others came first is up to the thread pool.
        Assert.Equal([2, 3], order[..2]);
        Assert.Equal([0, 1], order[2..].Order());

        async Task Ask(int i, int priority) =>
            await agent.GroundAsync([MiniModel.Tiny()], "Click", s_short with { Priority = priority }, _ =>
            {
                lock (order)
                {
                    if (!order.Contains(i))
                        order.Add(i);
                }
            });
    }

    [Fact]
    public async Task What_does_not_fit_waits_or_is_refused_with_its_bytes()
    {
        var large = MiniModel.Tiny(1120, 840);
        var need = Need([large], "Click", s_short);
        using (var agent = Load(new EngineOptions { DeviceBytes = need / 2 }))
        {
            var error = Assert.Throws<StarKvMemoryException>(() => agent.Ground(large, "Click", s_short));
            Assert.Contains(FormattableString.Invariant($"of {need / 2:N0} (EngineOptions.DeviceBytes)"), error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens);
        }

        // One at a time fits, and all are answered.
        using (var agent = Load(new EngineOptions { DeviceBytes = need + need / 4 }))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => agent.GroundAsync([large], "Click", s_short)));
            Assert.All(answers, a => Assert.NotEmpty(a.Tokens));
        }
    }

    [Fact]
    public void Sessions_that_were_not_asked_longest_give_way_and_are_read_again()
    {
        var options = new SessionOptions
        {
            Method = new Full(),
            Storage = KvStorage.Evict,
            Prompt = PromptStyle.Get("mini"),
            Generation = new() { MaxNewTokens = 8 },
        };
        var episode = new MiniEpisode();
        var right = episode.Run(mini.Agent, options, 2).Select(a => a.Text).ToList();
        long each;
        using (var session = episode.Open(mini.Agent, options))
        {
            session.Step(episode.Screen(0));
            each = session.Kv.DeviceBytes;
        }

        // Room for a step that reads two screenshots, or for one of one screenshot and sessions that wait.
        var asked = new GroundingOptions { Method = new Full(), Generation = options.Generation };
        var (one, two) = (Need([episode.Screen(0)], episode.Instruction, asked), Need(episode.Screens.Take(2).ToList(), episode.Instruction, asked));
        using var agent = Load(new EngineOptions { DeviceBytes = Math.Max(two, one + 2 * each) });
        var count = (int)((Math.Max(two, one + 2 * each) - one) / each) + 2;
        var sessions = Enumerable.Range(0, count).Select(_ => episode.Open(agent, options)).ToList();
        foreach (var session in sessions)
            Assert.Equal(right[0], session.Step(episode.Screen(0)).Text);
        Assert.Equal(0, sessions[0].Kv.DeviceBytes);
        Assert.True(sessions[^1].Kv.DeviceBytes > 0);
        var answer = sessions[0].Step(episode.Screen(1));
        Assert.Equal(right[1], answer.Text);
        Assert.Equal("The whole conversation was read again.", Assert.Single(answer.Session!.Notes));
        sessions.ForEach(s => s.Dispose());
    }

    [Fact]
    public void Rows_in_the_host_s_memory_have_a_bound_over_all_sessions()
    {
        var options = new SessionOptions { Method = new SnapKv(), Prompt = PromptStyle.Get("mini"), Generation = new() { MaxNewTokens = 8 } };
        var episode = new MiniEpisode();
        long each;
        using (var session = episode.Open(mini.Agent, options))
        {
            session.Step(episode.Screen(0));
            each = session.Kv.HostBytes;
        }

        using var agent = Load(new EngineOptions { HostBytes = 2 * each + each / 2 });
        var sessions = Enumerable.Range(0, 4).Select(_ => episode.Open(agent, options)).ToList();
        sessions.ForEach(s => s.Step(episode.Screen(0)));
        Assert.Equal([0, 0, each, each], sessions.Select(s => s.Kv.HostBytes));
        Assert.Contains("read again", Assert.Single(sessions[0].Step(episode.Screen(1)).Session!.Notes), StringComparison.Ordinal);
        Assert.InRange(sessions.Sum(s => s.Kv.HostBytes), each, 2 * each + each / 2);
        sessions.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Disposing_finishes_what_was_let_in_and_refuses_what_waits()
    {
        var agent = Load(new EngineOptions { MaxRunning = 2 });
        using var started = new CountdownEvent(2);
        using var go = new ManualResetEventSlim();
        var told = new int[2];
        var running = Enumerable.Range(0, 2).Select(i => agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, _ =>
        {
            // The device waits in the callback of whichever begins last: both were let in then.
            if (Interlocked.Exchange(ref told[i], 1) == 0 && started.Signal())
                go.Wait(TimeSpan.FromSeconds(60));
        })).ToList();
        Assert.True(started.Wait(TimeSpan.FromSeconds(60)));
        var waiting = Enumerable.Range(0, 3).Select(_ => agent.GroundAsync([MiniModel.Tiny()], "Click", s_short)).ToList();
        await Until(() => agent.EngineLoad.Waiting == 3);
        var disposing = Task.Run(agent.Dispose);
        await Task.Delay(100);
        go.Set();
        await disposing;
        foreach (var answer in running)
            Assert.NotEmpty((await answer).Tokens);
        foreach (var refused in waiting)
            Assert.Equal(typeof(GuiAgent).FullName, (await Assert.ThrowsAsync<ObjectDisposedException>(() => refused)).ObjectName);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => agent.GroundAsync([MiniModel.Tiny()], "Click", s_short));
    }

    [Fact]
    public async Task A_device_that_does_not_answer_is_told_apart_and_may_come_back()
    {
        using var agent = Load(new EngineOptions { StallAfter = TimeSpan.FromSeconds(3) });
        agent.Ground(MiniModel.Tiny(), "Click", s_short);
        using var go = new ManualResetEventSlim();
        var watch = Stopwatch.StartNew();
        var held = agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, _ => go.Wait(TimeSpan.FromSeconds(60)));
        await Until(() => agent.EngineLoad.Running == 1);
        var waiting = agent.GroundAsync([MiniModel.Tiny()], "Click", s_short);
        var error = await Assert.ThrowsAsync<StarKvDeviceException>(() => held);
        Assert.Contains("has not answered for", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StarKvDeviceException>(() => waiting);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<StarKvDeviceException>(() => agent.GroundAsync([MiniModel.Tiny()], "Click", s_short));
        go.Set();
        for (var i = 0; ; i++)
        {
            try
            {
                Assert.NotEmpty(agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens);
                return;
            }
            catch (StarKvDeviceException) when (i < 100)
            {
                await Task.Delay(20);
            }
        }
    }

    [Fact]
    public void Bad_options_of_the_engine_are_refused()
    {
        Assert.Contains("MaxRunning is 0", Refused(new() { MaxRunning = 0 }), StringComparison.Ordinal);
        Assert.Contains("MaxWaiting is 0", Refused(new() { MaxWaiting = 0 }), StringComparison.Ordinal);
        Assert.Contains("DeviceBytes is 0", Refused(new() { DeviceBytes = 0 }), StringComparison.Ordinal);
        Assert.Contains("HostBytes is -1", Refused(new() { HostBytes = -1 }), StringComparison.Ordinal);
        Assert.Contains("ReadBetweenTokens", Refused(new() { ReadBetweenTokens = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains("AgeAfter", Refused(new() { AgeAfter = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains("StallAfter", Refused(new() { StallAfter = TimeSpan.Zero }), StringComparison.Ordinal);

        static string Refused(EngineOptions options) => Assert.Throws<StarKvException>(() => Load(options)).Message;
    }
}
