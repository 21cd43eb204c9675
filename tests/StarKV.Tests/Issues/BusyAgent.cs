using StarKV.Decode;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary>An agent that is in the middle of an answer for as long as this lives.</summary>
internal sealed class BusyAgent : IAsyncDisposable
{
    private readonly ManualResetEventSlim _entered = new(), _go = new();

    public BusyAgent(GuiAgent agent)
    {
        Answer = agent.GroundAsync([MiniModel.Tiny()], "Click", new GroundingOptions { Generation = new GenerationOptions { MaxNewTokens = 2 } }, _ =>
        {
            _entered.Set();
            _go.Wait();
        });
        _entered.Wait();
    }

    /// <summary>The answer, which is given when this is disposed.</summary>
    public Task<GroundingAnswer> Answer { get; }

    /// <summary>Lets the answer go on, without waiting for it.</summary>
    public void Release() => _go.Set();

    public async ValueTask DisposeAsync()
    {
        Release();
        await Answer;
    }
}
