using StarKV.Runtime;
using TorchSharp;

namespace StarKV.Tests.Runtime;

public sealed class InferenceThreadTests
{
    [Fact]
    public void Work_runs_in_order_on_one_thread_and_returns_its_results()
    {
        using var thread = new InferenceThread("order");
        var seen = new List<int>();
        var ids = Enumerable.Range(0, 50).Select(i => thread.RunAsync(() =>
        {
            seen.Add(i);
            return Environment.CurrentManagedThreadId;
        })).ToList();
        var first = thread.Run(() => Environment.CurrentManagedThreadId);
        Assert.NotEqual(Environment.CurrentManagedThreadId, first);
        Assert.Equal(Enumerable.Range(0, 50), seen);
        Assert.All(ids, id => Assert.Equal(first, id.GetAwaiter().GetResult()));
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_thread_goes_on()
    {
        using var thread = new InferenceThread("errors");
        var error = Assert.Throws<InvalidOperationException>(() => thread.Run(() => throw new InvalidOperationException("mine")));
        Assert.Equal("mine", error.Message);
        Assert.Throws<OperationCanceledException>(() => thread.Run(() => new CancellationToken(true).ThrowIfCancellationRequested()));
        Assert.Equal(3, thread.Run(() => 3));
    }

    [Fact]
    public void Work_may_ask_for_more_work_on_its_own_thread()
    {
        using var thread = new InferenceThread("nested");
        Assert.Equal(7, thread.Run(() => thread.Run(() => thread.RunAsync(() => 7).GetAwaiter().GetResult())));
    }

    [Fact]
    public void Queued_work_is_finished_before_the_end()
    {
        var done = 0;
        var thread = new InferenceThread("end");
        var tasks = Enumerable.Range(0, 20).Select(_ => thread.RunAsync(() => ++done)).ToList();
        thread.Dispose();
        Assert.Equal(20, done);
        Assert.All(tasks, t => Assert.True(t.IsCompletedSuccessfully));
    }

    [Fact]
    public void After_the_end_work_is_refused_and_ending_again_does_nothing()
    {
        var thread = new InferenceThread("refused");
        thread.Dispose();
        thread.Dispose();
        Assert.Throws<ObjectDisposedException>(() => thread.Run(() => 1));
    }

    [Fact]
    public void It_may_be_ended_from_its_own_thread()
    {
        var thread = new InferenceThread("own");
        thread.Run(thread.Dispose);
        Assert.Throws<ObjectDisposedException>(() => thread.Run(() => 1));
    }

    [Fact]
    public void Live_tensors_are_those_made_on_it()
    {
        using var thread = new InferenceThread("live");
        var before = thread.LiveTensors;
        var tensor = thread.Run(() => torch.zeros(4));
        Assert.Equal(before + 1, thread.LiveTensors);
        thread.Run(tensor.Dispose);
        Assert.Equal(before, thread.LiveTensors);
    }
}
