using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;

namespace StarKV.Schedule;

/// <summary>
/// Works on many requests at a time, piece by piece: whoever waits is let in when there is memory, prompts are read layer by layer, all
/// answers are written side by side.
/// </summary>
/// <remarks>
/// <para>Thread-safe: requests come from any thread. Each piece runs on the inference thread, between whatever else is queued there.</para>
/// <para>What fails, is late or was left ends alone, between two pieces; what it held is free then. A card that has failed ends all.</para>
/// </remarks>
internal sealed class Engine : IDisposable
{
    private readonly InferenceThread _thread;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly WaitingRoom _room;
    private readonly Scheduler _scheduler;
    private readonly MemoryPlan _plan;
    private readonly JobTable _jobs;
    private readonly JobPieces _pieces;
    private readonly StallWatch _watch;
    private volatile EngineLoad _load;
    private ObjectDisposedException? _ended;
    private int _pumping;

    /// <summary>Starts an engine.</summary>
    /// <param name="thread">The inference thread, which its holder ends.</param>
    /// <param name="model">The model, which its holder frees.</param>
    /// <param name="seen">Screenshots encoded before.</param>
    /// <param name="plan">Who was promised how many bytes.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="clock">The time.</param>
    public Engine(
        InferenceThread thread, IVisionLanguageModel model, ScreenCache seen, MemoryPlan plan, EngineOptions options, TimeProvider clock)
    {
        (_thread, _plan, _options, _clock) = (thread, plan, options, clock);
        var batch = new DecodeBatch(model.Text);
        _room = new WaitingRoom(options.MaxWaiting);
        _scheduler = new Scheduler(clock, options);
        _jobs = new JobTable(_scheduler, plan, _room, batch);
        _pieces = new JobPieces(model, new ScreenEncoder(model.Vision, seen), _jobs, plan, batch, clock);
        _load = new EngineLoad(0, 0, 0, 0, 0, plan.Capacity);
        TimeSpan? card = model.Compute.IsCuda ? TimeSpan.FromMinutes(2) : null;
        _watch = new StallWatch(clock, options.StallAfter ?? card, time => _room.RefuseAll(Stall(time)));
    }

    /// <summary>What it does now: as it was before the piece of work that is under way.</summary>
    public EngineLoad Load => _load with { Waiting = _room.Count, HeldBytes = _plan.Held };

    /// <summary>
    /// Takes a request in; its job says when it has ended. Inside a callback, on the inference thread, it is done at once.
    /// </summary>
    /// <exception cref="StarKvBusyException">Too many wait.</exception>
    /// <exception cref="StarKvDeviceException">The device has failed.</exception>
    public void Submit(Job job)
    {
        RefuseIfDown();
        if (_thread.IsCurrent)
        {
            if (job.Take())
                _pieces.DoAlone(job);
            return;
        }

        _room.Enter(job);
        // Whoever closes the engine refuses all that have arrived; whoever comes later is told here.
        if (Volatile.Read(ref _ended) is { } ended)
            _room.RefuseWaiting(ended);
        else
            Pump();
    }

    /// <summary>Refuses what would be refused when it is submitted now, so that nothing is prepared for it.</summary>
    /// <exception cref="StarKvBusyException">Too many wait.</exception>
    /// <exception cref="StarKvDeviceException">The device has failed.</exception>
    public void RefuseIfFull()
    {
        RefuseIfDown();
        _room.RefuseIfFull();
    }

    /// <summary>Refuses those that wait, and those that come from now on; from any thread, at once.</summary>
    /// <param name="ended">What they get.</param>
    public void Close(ObjectDisposedException ended)
    {
        Volatile.Write(ref _ended, ended);
        _room.RefuseWaiting(ended);
    }

    /// <summary>
    /// Finishes the requests that were let in, once it was closed; on the inference thread, as the last of its work but freeing.
    /// </summary>
    public void Finish()
    {
        while (Step())
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    private void RefuseIfDown()
    {
        if (_jobs.Fault is { } fault)
            throw fault;
        if (_watch.StalledFor is { } time)
            throw Stall(time);
    }

    private void Pump()
    {
        // Where the thread has been ended, its owner calls Finish.
        if (Interlocked.Exchange(ref _pumping, 1) == 0)
            _thread.Post(Turn);
    }

    /// <summary>One piece, and then again behind whatever else was queued meanwhile.</summary>
    private void Turn()
    {
        bool goesOn;
        try
        {
            goesOn = Step();
        }
        catch (Exception e)
        {
            // A fault of the engine's own: nobody waits for ever.
            _jobs.EndAll(e);
            goesOn = true;
        }

        if (goesOn)
        {
            _thread.Post(Turn);
            return;
        }

        Volatile.Write(ref _pumping, 0);
        if (!_room.HasNoArrivals)
            Pump();
    }

    /// <summary>The next piece of work; false when there is nothing to do.</summary>
    private bool Step()
    {
        _jobs.TakeArrivals();
        _jobs.EndWhoLeft();
        LetIn();
        _load = new EngineLoad(0, _jobs.Running, _jobs.Writing.Count, 0, _plan.Promised, _plan.Capacity);
        if (_scheduler.Next() is not { } quantum)
            return false;
        var start = _clock.GetTimestamp();
        using (_watch.Piece())
            _pieces.Do(quantum);
        _scheduler.Took(quantum, _clock.GetElapsedTime(start));
        return true;
    }

    /// <summary>Starts those whose bytes are there; nobody overtakes one whose bytes are not.</summary>
    private void LetIn()
    {
        while (_jobs.Running < _options.MaxRunning && _scheduler.NextToEnter() is { } turn)
        {
            var job = _jobs[turn];
            if (!_jobs.Try(job, () => _plan.Promise(turn, job.Job.Need().Peak), out var fits))
                continue;
            if (!fits)
                return;
            _pieces.Start(job);
        }
    }

    private static StarKvDeviceException Stall(TimeSpan time) => new(
        $"The device has not answered for {time.TotalSeconds:0} s (EngineOptions.StallAfter); nothing can be asked of it now. "
        + $"Start the process again, and look at nvidia-smi and the system's log if it comes back.");
}
