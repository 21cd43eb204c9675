using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace StarKV.Runtime;

/// <summary>The one thread on which a device's tensors are made, used and freed; work waits in a queue.</summary>
/// <remarks>
/// Dispose scopes, gradient mode and live counts are bound to their thread in TorchSharp: with one thread a scope can never be
/// left on another one, and nothing awaits inside it.
/// </remarks>
public sealed class InferenceThread : IDisposable
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name in debuggers.</param>
    public InferenceThread(string name)
    {
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Live tensors that were made on this thread; a step must leave the count as it found it.</summary>
    public long LiveTensors => Run(() => DisposeScopeManager.Statistics.ThreadTotalLiveCount);

    /// <summary>Runs <paramref name="work"/> on the thread and returns its result; an exception is thrown here.</summary>
    public T Run<T>(Func<T> work) => RunAsync(work).GetAwaiter().GetResult();

    /// <summary>Runs <paramref name="work"/> on the thread; an exception is thrown here.</summary>
    public void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    /// <summary>Queues <paramref name="work"/> and returns a task for its result.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Thread.CurrentThread == _thread)
            return Task.FromResult(work());

        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(() =>
        {
            try
            {
                _failure?.Throw();
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Finishes the queued work and ends the thread.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _queue.CompleteAdding();
        // On its own thread the queue is still being read; it ends by itself.
        if (Thread.CurrentThread == _thread)
            return;
        _thread.Join();
        _queue.Dispose();
    }

    private void Work()
    {
        IDisposable? mode = null;
        try
        {
            LibTorch.Load();
            mode = torch.inference_mode();
        }
        catch (Exception e)
        {
            // It belongs to whoever asks for work: uncaught on this thread, it would end the process.
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        using var ended = mode;
        foreach (var work in _queue.GetConsumingEnumerable())
            work();
    }
}
