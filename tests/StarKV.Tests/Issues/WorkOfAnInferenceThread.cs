using StarKV.Runtime;

namespace StarKV.Tests.Issues;

/// <summary>Work that waited could be neither cancelled nor refused.</summary>
public sealed class WorkOfAnInferenceThread
{
    [Fact]
    public async Task Cancelled_work_ends_at_once_and_never_runs()
    {
        using var thread = new InferenceThread("cancelled");
        using var go = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var first = thread.RunAsync(() => { go.Wait(); return 1; });
        var ran = false;
        var second = thread.RunAsync(() => ran = true, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(first.IsCompleted);
        go.Set();
        Assert.Equal(1, await first);
        Assert.Equal(3, thread.Run(() => 3));
        Assert.False(ran);
    }

    [Fact]
    public async Task Work_with_a_token_that_was_cancelled_before_never_runs()
    {
        using var thread = new InferenceThread("before");
        var ran = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => thread.RunAsync(() => ran = true, new CancellationToken(true)));
        Assert.ThrowsAny<OperationCanceledException>(() => thread.Run(() => thread.Run(() => ran = true, new CancellationToken(true))));
        Assert.False(ran);
    }

    [Fact]
    public async Task Work_that_runs_ends_when_it_looks_at_its_token()
    {
        using var thread = new InferenceThread("running");
        using var stop = new CancellationTokenSource();
        using var entered = new ManualResetEventSlim();
        var work = thread.RunAsync(() =>
        {
            entered.Set();
            stop.Token.WaitHandle.WaitOne();
            stop.Token.ThrowIfCancellationRequested();
            return 1;
        }, stop.Token);
        entered.Wait();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.True(work.IsCanceled);
    }

    [Fact]
    public async Task Ending_for_an_owner_refuses_what_waits_finishes_what_runs_and_frees_last()
    {
        var thread = new InferenceThread("owned", typeof(GuiAgent));
        using var go = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        List<string> order = [];
        var running = thread.RunAsync(() =>
        {
            entered.Set();
            go.Wait();
            order.Add("ran");
            return 1;
        });
        entered.Wait();
        var waiting = thread.RunAsync(() => { order.Add("waited"); return 2; });
        var ending = Task.Run(() => thread.End(() => order.Add("freed")));
        Assert.Equal("StarKV.GuiAgent", (await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting)).ObjectName);
        Assert.False(ending.IsCompleted);
        go.Set();
        await ending;
        Assert.Equal(1, await running);
        Assert.Equal(["ran", "freed"], order);
        Assert.Equal("StarKV.GuiAgent", Assert.Throws<ObjectDisposedException>(() => thread.Run(() => 1)).ObjectName);
    }

    [Fact]
    public async Task Ended_on_itself_it_frees_when_the_running_work_is_done()
    {
        var thread = new InferenceThread("itself", typeof(GuiAgent));
        var freed = new TaskCompletionSource<bool>();
        var running = true;
        thread.Run(() =>
        {
            thread.End(() => freed.SetResult(running));
            running = false;
        });
        Assert.False(await freed.Task);
    }

    [Fact]
    public void What_nested_work_throws_is_its_task_s_error()
    {
        using var thread = new InferenceThread("nested");
        var task = thread.Run(() => thread.RunAsync<int>(() => throw new InvalidOperationException("mine")));
        Assert.True(task.IsFaulted);
    }

    [Fact]
    public async Task Many_threads_may_ask_cancel_and_end_at_once()
    {
        for (var round = 0; round < 50; round++)
        {
            var thread = new InferenceThread("many");
            var ended = 0;
            var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    using var stop = new CancellationTokenSource();
                    try
                    {
                        var work = thread.RunAsync(() => Volatile.Read(ref ended), stop.Token);
                        if ((i + caller) % 2 == 0)
                            await stop.CancelAsync();
                        Assert.Equal(0, await work);
                    }
                    catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
                    {
                    }
                }
            })).ToList();
            await Task.Yield();
            thread.End(() => Volatile.Write(ref ended, 1));
            await Task.WhenAll(callers);
            Assert.Equal(1, ended);
        }
    }
}
