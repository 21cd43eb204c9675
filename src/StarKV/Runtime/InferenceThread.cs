using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using TorchSharp;

namespace StarKV.Runtime;

/// <summary>The one thread on which a device's tensors are made, used and freed; work waits in a queue.</summary>
/// <remarks>
/// Dispose scopes, gradient mode and live counts are bound to their thread in TorchSharp: with one thread a scope can never be
/// left on another one, and nothing awaits inside it.
/// Thread-safe: any thread may ask for work or end this one.
/// </remarks>
[Experimental("STARKV001")]
public sealed class InferenceThread : IDisposable
{
    private readonly BlockingCollection<QueuedWork> _queue = [];
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private readonly Type _owner;
    private bool _ended;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name in debuggers.</param>
    public InferenceThread(string name) : this(name, typeof(InferenceThread))
    {
    }

    /// <summary>Starts the thread of an owner.</summary>
    /// <param name="name">The thread's name in debuggers.</param>
    /// <param name="owner">Whose disposal ends the thread: the type that an <see cref="ObjectDisposedException"/> names.</param>
    internal InferenceThread(string name, Type owner)
    {
        ArgumentNullException.ThrowIfNull(name);
        _owner = owner;
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Live tensors that were made on this thread; a step must leave the count as it found it.</summary>
    public long LiveTensors => Run(() => DisposeScopeManager.Statistics.ThreadTotalLiveCount);

    /// <summary>True on this thread itself, where work runs at once instead of waiting.</summary>
    internal bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Runs <paramref name="work"/> on the thread and returns its result; an exception is thrown here.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="cancellation">Ends the work at once while it waits; once it runs, it must look at the token by itself.</param>
    /// <exception cref="StarKvMemoryException">There was not enough memory for the work, whoever reported that.</exception>
    /// <exception cref="ObjectDisposedException">The thread has been ended, before the call or while the work waited.</exception>
    public T Run<T>(Func<T> work, CancellationToken cancellation = default) => RunAsync(work, cancellation).GetAwaiter().GetResult();

    /// <summary>Runs <paramref name="work"/> on the thread; an exception is thrown here.</summary>
    /// <inheritdoc cref="Run{T}(Func{T}, CancellationToken)"/>
    public void Run(Action work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        Run(() =>
        {
            work();
            return true;
        }, cancellation);
    }

    /// <summary>
    /// Queues <paramref name="work"/> and returns a task for its result. On the thread itself the work is done before this returns.
    /// </summary>
    /// <param name="work">What is to be done; what it throws is the task's error.</param>
    /// <param name="cancellation">Ends the work at once while it waits; once it runs, it must look at the token by itself.</param>
    /// <exception cref="ObjectDisposedException">The thread has been ended. While the work waits, the same is the task's error.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        QueuedWork<T> queued;
        lock (_gate)
        {
            if (_ended)
                throw Ended();
            queued = new QueuedWork<T>(work, cancellation);
            if (!IsCurrent)
                _queue.Add(queued, CancellationToken.None);
        }

        if (IsCurrent)
            queued.Run();
        return queued.Task;
    }

    /// <summary>Queues work that nobody waits for, behind all other, also on the thread itself; false when the thread was ended.</summary>
    /// <param name="work">What is to be done; it must not throw.</param>
    internal bool Post(Action work)
    {
        lock (_gate)
        {
            if (_ended)
                return false;
            _queue.Add(
                new QueuedWork<bool>(() =>
                {
                    work();
                    return true;
                }, CancellationToken.None),
                CancellationToken.None);
            return true;
        }
    }

    /// <summary>
    /// Finishes the queued work and ends the thread. On the thread itself it returns at once, and the thread ends by itself.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            _queue.CompleteAdding();
        }

        Join();
    }

    /// <summary>
    /// Ends the thread: work that waits is refused with an <see cref="ObjectDisposedException"/>, work that runs is finished.
    /// </summary>
    /// <param name="last">
    /// Runs on the thread as the last of all. On the thread itself that is after this has returned, when the running work is done.
    /// </param>
    internal void End(Action last)
    {
        var ending = new QueuedWork<bool>(() =>
        {
            last();
            return true;
        }, CancellationToken.None);
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            while (_queue.TryTake(out var waiting))
                waiting.Refuse(Ended());
            _queue.Add(ending);
            _queue.CompleteAdding();
        }

        Join();
        if (!IsCurrent)
            ending.Task.GetAwaiter().GetResult();
    }

    private void Join()
    {
        if (!IsCurrent)
            _thread.Join();
    }

    private ObjectDisposedException Ended() => new(_owner.FullName);

    private void Work()
    {
        IDisposable? mode = null;
        Exception? failure = null;
        try
        {
            LibTorch.Load();
            mode = torch.inference_mode();
        }
        catch (Exception e)
        {
            // It belongs to whoever asks for work: uncaught on this thread, it would end the process.
            failure = e;
        }

        using (mode)
        {
            foreach (var work in _queue.GetConsumingEnumerable())
            {
                if (failure is null)
                    work.Run();
                else
                    work.Refuse(failure);
            }
        }

        // Whoever closes the queue holds the gate until that is done.
        lock (_gate)
            _queue.Dispose();
    }
}
