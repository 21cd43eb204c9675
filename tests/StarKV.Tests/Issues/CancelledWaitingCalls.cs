using StarKV.Decode;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary>A call that waited ended only when the one ahead of it was done.</summary>
[Collection(MiniModelTests.Name)]
public sealed class CancelledWaitingCalls(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 2 } };

    [Fact]
    public async Task A_waiting_call_ends_at_once_while_another_is_answered()
    {
        using var stop = new CancellationTokenSource();
        await using var busy = new BusyAgent(mini.Agent);
        var waiting = mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True(waiting.IsCanceled);
        Assert.False(busy.Answer.IsCompleted);
    }

    [Fact]
    public async Task A_waiting_stream_ends_at_once_while_another_is_answered()
    {
        using var stop = new CancellationTokenSource();
        await using var busy = new BusyAgent(mini.Agent);
        var pieces = mini.Agent.StreamAsync([MiniModel.Tiny()], "Click", s_short, stop.Token).GetAsyncEnumerator();
        var first = pieces.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await pieces.DisposeAsync();
        Assert.False(busy.Answer.IsCompleted);
    }

    [Fact]
    public async Task A_waiting_call_that_blocks_its_caller_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        await using var busy = new BusyAgent(mini.Agent);
        var waiting = Task.Run(() => mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short, stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(busy.Answer.IsCompleted);
    }

    [Fact]
    public async Task Calls_behind_a_cancelled_one_are_answered()
    {
        using var stop = new CancellationTokenSource();
        var busy = new BusyAgent(mini.Agent);
        var cancelled = mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, null, stop.Token);
        var answered = mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short);
        await stop.CancelAsync();
        await busy.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal((await busy.Answer).Tokens, (await answered).Tokens);
    }
}
