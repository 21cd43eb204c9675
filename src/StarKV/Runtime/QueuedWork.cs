namespace StarKV.Runtime;

/// <summary>Work that waits for an inference thread. It runs once, or ends without running: cancelled by its token or refused.</summary>
internal abstract class QueuedWork
{
    private int _taken;

    /// <summary>Runs the work on the calling thread; does nothing when it has ended already.</summary>
    public abstract void Run();

    /// <summary>Ends the work without running it, with this error; does nothing when it runs or has ended already.</summary>
    public abstract void Refuse(Exception error);

    /// <summary>True for the one caller who decides how the work ends.</summary>
    protected bool Take() => Interlocked.Exchange(ref _taken, 1) == 0;
}

/// <summary>Work with a result.</summary>
/// <typeparam name="T">The result.</typeparam>
internal sealed class QueuedWork<T> : QueuedWork
{
    // Callers go on elsewhere: what they do next must not run on the inference thread, nor inside of whoever cancels.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private Func<T>? _work;

    /// <summary>Makes work that waits.</summary>
    /// <param name="work">What is to be done; it sees to the token by itself once it runs.</param>
    /// <param name="cancellation">Ends the work at once while it waits.</param>
    public QueuedWork(Func<T> work, CancellationToken cancellation)
    {
        _work = work;
        _cancellation = cancellation;
        _registration = cancellation.UnsafeRegister(static waiting => ((QueuedWork<T>)waiting!).Cancel(), this);
    }

    /// <summary>The result, the error, or the cancellation.</summary>
    public Task<T> Task => _done.Task;

    /// <inheritdoc/>
    public override void Run()
    {
        if (!Take())
            return;
        var work = Release();
        try
        {
            _done.SetResult(work());
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            _done.SetCanceled(_cancellation);
        }
        catch (Exception e)
        {
            _done.SetException(MemoryShortage.Told(e));
        }
    }

    /// <inheritdoc/>
    public override void Refuse(Exception error)
    {
        if (!Take())
            return;
        Release();
        _done.SetException(error);
    }

    private void Cancel()
    {
        if (!Take())
            return;
        Release();
        _done.SetCanceled(_cancellation);
    }

    /// <summary>Lets go of the work, which holds pictures, and of the token.</summary>
    private Func<T> Release()
    {
        _registration.Unregister();
        var work = _work!;
        _work = null;
        return work;
    }
}
