using System.Collections.Concurrent;

namespace StarKV.Schedule;

/// <summary>Requests on their way to the inference thread, and who of all requests is still waited for.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="most">Requests that may wait.</param>
internal sealed class WaitingRoom(int most)
{
    private readonly ConcurrentQueue<Job> _arrivals = new();
    private readonly ConcurrentDictionary<Job, bool> _awaited = new();
    private int _count;

    /// <summary>Requests that were not let in yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether nobody has arrived whom the inference thread has not seen.</summary>
    public bool HasNoArrivals => _arrivals.IsEmpty;

    /// <summary>A request arrives; who cancels it from now on ends it at once.</summary>
    /// <exception cref="StarKvBusyException">Too many wait.</exception>
    public void Enter(Job job)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            throw Full();
        }

        _awaited[job] = true;
        job.Wait();
        _arrivals.Enqueue(job);
    }

    /// <summary>Refuses a request that is still to be prepared.</summary>
    /// <exception cref="StarKvBusyException">Too many wait.</exception>
    public void RefuseIfFull()
    {
        if (Count >= most)
            throw Full();
    }

    /// <summary>The next request that the inference thread has not seen.</summary>
    public bool TryTake(out Job job) => _arrivals.TryDequeue(out job!);

    /// <summary>A request waits no longer.</summary>
    public void Leave(Job job)
    {
        job.WaitNoLonger();
        Interlocked.Decrement(ref _count);
    }

    /// <summary>A request has ended.</summary>
    public void Forget(Job job) => _awaited.TryRemove(job, out _);

    /// <summary>Refuses those that wait, at once; the inference thread forgets them when it comes by.</summary>
    public void RefuseWaiting(Exception error)
    {
        foreach (var job in _awaited.Keys)
        {
            if (job.Take())
                job.Refuse(error);
        }
    }

    /// <summary>Tells everybody that there will be no result, wherever their request is.</summary>
    public void RefuseAll(Exception error)
    {
        foreach (var job in _awaited.Keys)
            job.Refuse(error);
    }

    private StarKvBusyException Full() => new(
        $"{most} requests wait already, which is the most that may (EngineOptions.MaxWaiting); try again later.");
}
