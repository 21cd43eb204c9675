using StarKV.Decode;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary>Disposing freed the model under an answer, or under calls that waited: "Tensor invalid -- empty handle".</summary>
[Collection(MiniModelTests.Name)]
public sealed class DisposedAgents(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 6 } };

    [Fact]
    public async Task Inside_a_callback_the_answer_is_finished_first()
    {
        var expected = mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short);
        var agent = GuiAgent.Load(MiniModel.Folder, "cpu");
        var refused = 0;
        var answer = await agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, _ =>
        {
            agent.Dispose();
            Assert.Throws<ObjectDisposedException>(() => agent.Ground(MiniModel.Tiny(), "Click", s_short));
            refused++;
        });
        Assert.Equal(expected.Text, answer.Text);
        Assert.Equal(expected.Tokens, answer.Tokens);
        Assert.True(refused > 0);
        NamesTheAgent(Assert.Throws<ObjectDisposedException>(() => agent.Ground(MiniModel.Tiny(), "Click", s_short)));
        agent.Dispose();
    }

    [Fact]
    public async Task Calls_that_wait_are_refused_and_the_one_that_runs_is_finished()
    {
        var agent = GuiAgent.Load(MiniModel.Folder, "cpu");
        var busy = new BusyAgent(agent);
        var waiting = Enumerable.Range(0, 3).Select(_ => agent.GroundAsync([MiniModel.Tiny()], "Click", s_short)).ToList();
        var disposing = Task.Run(agent.Dispose);
        foreach (var call in waiting)
            NamesTheAgent(await Assert.ThrowsAsync<ObjectDisposedException>(() => call));
        // Nothing is freed as long as the answer needs it.
        Assert.False(disposing.IsCompleted);
        Assert.False(busy.Answer.IsCompleted);
        await busy.DisposeAsync();
        await disposing;
        Assert.NotEmpty((await busy.Answer).Tokens);
    }

    [Fact]
    public async Task While_others_call_every_call_is_answered_or_refused()
    {
        var expected = mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens;
        var agent = GuiAgent.Load(MiniModel.Folder, "cpu");
        var answered = 0;
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (true)
            {
                try
                {
                    Assert.Equal(expected, agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens);
                    Interlocked.Increment(ref answered);
                }
                catch (ObjectDisposedException e)
                {
                    NamesTheAgent(e);
                    return;
                }
            }
        })).ToList();
        while (Volatile.Read(ref answered) < 4)
            await Task.Delay(1);
        agent.Dispose();
        await Task.WhenAll(callers);
    }

    [Fact]
    public void A_disposed_agent_says_so_at_once()
    {
        var agent = GuiAgent.Load(MiniModel.Folder, "cpu");
        agent.Dispose();
        NamesTheAgent(Assert.Throws<ObjectDisposedException>(() => { _ = agent.GroundAsync([MiniModel.Tiny()], "Click"); }));
        NamesTheAgent(Assert.Throws<ObjectDisposedException>(() => { _ = agent.StreamAsync([MiniModel.Tiny()], "Click"); }));
        NamesTheAgent(Assert.Throws<ObjectDisposedException>(() => agent.LiveTensors));
        NamesTheAgent(Assert.Throws<ObjectDisposedException>(() => agent.GroundRaw([MiniModel.Tiny()], "Click")));
    }

    [Fact]
    public async Task A_question_inside_a_callback_is_answered_in_the_middle_of_the_other()
    {
        var expected = mini.Agent.Ground(MiniModel.Tiny(84), "Click", s_short).Tokens;
        List<IReadOnlyList<int>> inner = [];
        await mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, _ =>
        {
            inner.Add(mini.Agent.Ground(MiniModel.Tiny(84), "Click", s_short).Tokens);
            inner.Add(mini.Agent.GroundAsync([MiniModel.Tiny(84)], "Click", s_short).GetAwaiter().GetResult().Tokens);
        });
        Assert.NotEmpty(inner);
        Assert.All(inner, tokens => Assert.Equal(expected, tokens));
    }

    private static void NamesTheAgent(ObjectDisposedException error) => Assert.Equal("StarKV.GuiAgent", error.ObjectName);
}
