using StarKV.Decode;
using StarKV.Runtime;

namespace StarKV.Schedule;

/// <summary>The requests on the inference thread: how they come in, and how each of them ends alone.</summary>
/// <remarks>Not thread-safe but for <see cref="Fault"/>: it belongs on the inference thread.</remarks>
/// <param name="scheduler">Knows them too.</param>
/// <param name="plan">Has promised them bytes.</param>
/// <param name="room">Where they have waited.</param>
/// <param name="batch">Where their answers are written.</param>
internal sealed class JobTable(Scheduler scheduler, MemoryPlan plan, WaitingRoom room, DecodeBatch batch)
{
    private readonly Dictionary<JobTurn, RunningJob> _jobs = [];
    private volatile StarKvDeviceException? _fault;

    /// <summary>The failure of the card, after which nothing can be done; null while there is none. From any thread.</summary>
    public StarKvDeviceException? Fault => _fault;

    /// <summary>The request of a turn.</summary>
    public RunningJob this[JobTurn turn] => _jobs[turn];

    /// <summary>The requests whose answers are written, as they are now.</summary>
    public IReadOnlyList<RunningJob> Writing => [.. _jobs.Values.Where(j => j.Turn.Stage == JobStage.Writing)];

    /// <summary>Requests that were let in.</summary>
    public int Running => _jobs.Values.Count(j => !j.Waits);

    /// <summary>Takes in those that have arrived.</summary>
    public void TakeArrivals()
    {
        while (room.TryTake(out var job))
        {
            _jobs[job.Turn] = new RunningJob(job);
            scheduler.Add(job.Turn);
        }
    }

    /// <summary>Ends those whose callers have left, whose time is up, or all when the card has failed.</summary>
    public void EndWhoLeft()
    {
        foreach (var job in _jobs.Values.ToList())
        {
            if (_fault is { } fault)
                End(job, fault);
            else if (job.Job.Cancellation.IsCancellationRequested || !job.Job.IsAwaited)
                End(job, new OperationCanceledException(job.Job.Cancellation));
            else if (scheduler.IsLate(job.Turn))
                End(job, new StarKvTimeoutException($"The request was not answered within its {job.Turn.TimeLimit} (TimeLimit)."));
        }
    }

    /// <summary>Ends all.</summary>
    public void EndAll(Exception error)
    {
        foreach (var job in _jobs.Values.ToList())
            End(job, error);
    }

    /// <summary>Ends a request, once: its memory is free then, and whoever waits is told.</summary>
    /// <param name="job">The request.</param>
    /// <param name="error">Why there is no result; null when it is there.</param>
    public void End(RunningJob job, Exception? error)
    {
        if (!_jobs.ContainsKey(job.Turn))
            return;
        job.Job.Take();
        Release(job);
        job.Turn.Stage = JobStage.Ended;
        job.Job.End(batch, error is null ? null : Noted(error));
        job.Screens?.Dispose();
    }

    /// <summary>Lets go of a request that somebody else brings to its end.</summary>
    public void Release(RunningJob job)
    {
        LetIn(job);
        room.Forget(job.Job);
        _jobs.Remove(job.Turn);
        scheduler.Remove(job.Turn);
        plan.End(job.Turn);
    }

    /// <summary>A request waits no longer.</summary>
    public void LetIn(RunningJob job)
    {
        if (!job.Waits)
            return;
        job.Waits = false;
        room.Leave(job.Job);
    }

    /// <summary>Does a piece of a request, whose failure ends it alone; false when it failed.</summary>
    public bool Try(RunningJob job, Action piece) => Try(
        job,
        () =>
        {
            piece();
            return true;
        },
        out _);

    /// <summary>Does a piece of a request, whose failure ends it alone; false when it failed.</summary>
    public bool Try<T>(RunningJob job, Func<T> piece, out T? result)
    {
        try
        {
            result = piece();
            return true;
        }
        catch (Exception e)
        {
            result = default;
            End(job, e);
            return false;
        }
    }

    /// <summary>The error as callers get it; a card that has failed is remembered.</summary>
    public Exception Noted(Exception error) => DeviceFault.Is(error) ? _fault = DeviceFault.Told(error) : error;
}
