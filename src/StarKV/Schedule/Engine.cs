using System.Collections.Concurrent;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using static TorchSharp.torch;

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
    private readonly IVisionLanguageModel _model;
    private readonly ScreenEncoder _encoder;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly Scheduler _scheduler;
    private readonly MemoryPlan _plan;
    private readonly DecodeBatch _batch;
    private readonly StallWatch _watch;
    private readonly ConcurrentQueue<Job> _arrivals = new();
    private readonly ConcurrentDictionary<Job, bool> _awaited = new();
    private readonly Dictionary<JobTurn, Entry> _entries = [];
    private volatile StarKvDeviceException? _fault;
    private volatile EngineLoad _load;
    private Type? _ended;
    private int _waiting, _pumping;

    /// <summary>A request that has arrived, and its screenshots once it was let in.</summary>
    private sealed record Entry(Job Job)
    {
        public bool Waits { get; set; } = true;

        public ScreensToEncode? Screens { get; set; }

        public TimeSpan Vision { get; set; }
    }

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
        (_thread, _model, _plan, _options, _clock) = (thread, model, plan, options, clock);
        (_encoder, _scheduler) = (new ScreenEncoder(model.Vision, seen), new Scheduler(clock, options));
        _batch = new DecodeBatch(model.Text);
        _load = new EngineLoad(0, 0, 0, 0, 0, plan.Capacity);
        TimeSpan? card = model.Compute.IsCuda ? TimeSpan.FromMinutes(2) : null;
        _watch = new StallWatch(clock, options.StallAfter ?? card, Stalled);
    }

    /// <summary>What it does now: as it was after the last piece of work.</summary>
    public EngineLoad Load => _load with { Waiting = Volatile.Read(ref _waiting), HeldBytes = _plan.Held };

    /// <summary>
    /// Takes a request in; its job says when it has ended. Inside a callback, on the inference thread, it is done at once.
    /// </summary>
    /// <exception cref="StarKvBusyException">Too many wait.</exception>
    /// <exception cref="StarKvDeviceException">The device has failed.</exception>
    /// <exception cref="ObjectDisposedException">The engine's owner was disposed.</exception>
    public void Submit(Job job)
    {
        if (_fault is { } fault)
            throw fault;
        if (_watch.StalledFor is { } time)
            throw Stall(time);
        if (_thread.IsCurrent)
        {
            if (job.Take())
                DoAlone(job);
            return;
        }

        if (Interlocked.Increment(ref _waiting) > _options.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StarKvBusyException(
                $"{_options.MaxWaiting} requests wait already, which is the most that may (EngineOptions.MaxWaiting); try again later.");
        }

        _awaited[job] = true;
        job.Wait();
        _arrivals.Enqueue(job);
        // Whoever ends the engine takes all that have arrived; whoever comes later is told here.
        if (Volatile.Read(ref _ended) is not null)
            RefuseArrivals();
        else
            Pump();
    }

    /// <summary>
    /// Finishes the requests that were let in and refuses the others; on the inference thread, as the last of its work but freeing.
    /// </summary>
    /// <param name="owner">Whose disposal it is.</param>
    public void Finish(Type owner)
    {
        Volatile.Write(ref _ended, owner);
        RefuseArrivals();
        foreach (var entry in _entries.Values.Where(e => e.Job.Turn.Stage == JobStage.Waiting).ToList())
            End(entry, new ObjectDisposedException(owner.FullName));
        while (Step())
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

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
            foreach (var entry in _entries.Values.ToList())
                End(entry, e);
            goesOn = true;
        }

        if (goesOn)
        {
            _thread.Post(Turn);
            return;
        }

        Volatile.Write(ref _pumping, 0);
        if (!_arrivals.IsEmpty)
            Pump();
    }

    /// <summary>The next piece of work; false when there is nothing to do.</summary>
    private bool Step()
    {
        TakeArrivals();
        EndWhoLeft();
        LetIn();
        _load = new EngineLoad(
            0, _entries.Values.Count(e => !e.Waits), _entries.Values.Count(e => e.Job.Turn.Stage == JobStage.Writing), 0, _plan.Promised,
            _plan.Capacity);
        if (_scheduler.Next() is not { } quantum)
            return false;
        var start = _clock.GetTimestamp();
        _watch.Begin();
        try
        {
            Do(quantum, start);
        }
        finally
        {
            _watch.End();
        }

        _scheduler.Took(quantum, _clock.GetElapsedTime(start));
        return true;
    }

    private void TakeArrivals()
    {
        while (_arrivals.TryDequeue(out var job))
        {
            _entries[job.Turn] = new Entry(job);
            _scheduler.Add(job.Turn);
        }
    }

    private void EndWhoLeft()
    {
        foreach (var entry in _entries.Values.ToList())
        {
            var job = entry.Job;
            if (_fault is { } fault)
                End(entry, fault);
            else if (job.Cancellation.IsCancellationRequested || !job.IsAwaited)
                End(entry, new OperationCanceledException(job.Cancellation));
            else if (_scheduler.IsLate(job.Turn))
                End(entry, new StarKvTimeoutException($"The request was not answered within its {job.Turn.TimeLimit} (TimeLimit)."));
        }
    }

    private void LetIn()
    {
        while (_entries.Values.Count(e => e.Screens is not null) < _options.MaxRunning && _scheduler.NextToEnter() is { } turn)
        {
            var entry = _entries[turn];
            if (!Try(entry, () => _plan.Promise(turn, entry.Job.Need().Peak), out var fits))
                continue;
            if (!fits)
                return;
            if (!entry.Job.Take())
                End(entry, new OperationCanceledException(entry.Job.Cancellation));
            else if (entry.Job.RunsAlone)
                DoAlone(entry);
            else
                Start(entry);
        }
    }

    private void Start(Entry entry)
    {
        WaitNoLonger(entry);
        Try(entry, () =>
        {
            entry.Screens = new ScreensToEncode(entry.Job.Start());
            Prepare(entry);
        });
    }

    /// <summary>Goes on to the screenshots that are missing, or to the first layer.</summary>
    private static void Prepare(Entry entry)
    {
        var turn = entry.Job.Turn;
        turn.Screens = entry.Screens!.Missing;
        turn.Stage = JobStage.Encoding;
        if (turn.Screens.Count > 0)
            return;
        turn.LayersLeft = entry.Job.Open(entry.Screens.Features, entry.Vision);
        turn.Stage = JobStage.Reading;
    }

    private void Do(Quantum quantum, long start)
    {
        switch (quantum)
        {
            case Quantum.Encode encode:
                Encode(encode, start);
                break;
            case Quantum.Read read:
                Try(_entries[read.Turn], () => Read(_entries[read.Turn], read.Layers));
                if (quantum.IsBetweenTokens && read.Turn.Stage == JobStage.Reading)
                    Try(_entries[read.Turn], () => _model.Compute.Synchronize(_entries[read.Turn].Job.Cancellation));
                break;
            default:
                _batch.Step();
                var time = _clock.GetElapsedTime(start);
                foreach (var entry in _entries.Values.Where(e => e.Job.Turn.Stage == JobStage.Writing).ToList())
                    LookAt(entry, time);
                break;
        }
    }

    private void Encode(Quantum.Encode quantum, long start)
    {
        var parts = quantum.Turns.Select(t => (Entry: _entries[t.Turn], t.Count))
            .Select(p => (p.Entry, Images: p.Entry.Screens!.Next(quantum.Grid, p.Count))).ToList();
        // One request's screenshots end with it; those of several are one piece.
        var cancellation = parts.Count == 1 ? parts[0].Entry.Job.Cancellation : CancellationToken.None;
        try
        {
            using var scope = NewDisposeScope();
            var features = _encoder.Encode([.. parts.SelectMany(p => p.Images)], cancellation);
            _model.Compute.Synchronize(cancellation);
            foreach (var feature in features.SelectMany(f => f.Tensors))
                feature.DetachFromDisposeScope();
            var rest = new Queue<ScreenFeatures>(features);
            foreach (var (entry, images) in parts)
                entry.Screens!.Take(quantum.Grid, [.. images.Select(_ => rest.Dequeue())]);
        }
        catch (Exception e) when (parts.Count == 1 || DeviceFault.Is(e))
        {
            parts.ForEach(p => End(p.Entry, e));
            return;
        }
        catch (Exception)
        {
            // It may be what one of them needs that is not there.
            foreach (var turn in quantum.Turns)
                Encode(quantum with { Turns = [turn] }, start);
            return;
        }

        foreach (var (entry, _) in parts)
        {
            entry.Vision += _clock.GetElapsedTime(start);
            Try(entry, () => Prepare(entry));
        }
    }

    private void Read(Entry entry, int layers)
    {
        var turn = entry.Job.Turn;
        for (var i = 0; i < layers; i++)
        {
            entry.Job.ReadLayer();
            turn.LayersLeft--;
        }

        if (turn.LayersLeft > 0)
            return;
        entry.Job.Join(_batch);
        _plan.Lower(turn, entry.Job.Need().Writing);
        turn.Stage = JobStage.Writing;
        LookAt(entry, TimeSpan.Zero);
    }

    /// <summary>Ends a request whose answers are written.</summary>
    private void LookAt(Entry entry, TimeSpan time)
    {
        if (Try(entry, () => entry.Job.Written(_batch, time), out var ended) && ended)
            End(entry, null);
    }

    private void DoAlone(Entry entry)
    {
        WaitNoLonger(entry);
        Forget(entry);
        DoAlone(entry.Job);
    }

    /// <summary>Does a request from its start to its end.</summary>
    private void DoAlone(Job job)
    {
        var batch = new DecodeBatch(_model.Text);
        ScreensToEncode? screens = null;
        Exception? error = null;
        try
        {
            var start = _clock.GetTimestamp();
            var images = job.Start();
            screens = new ScreensToEncode(images);
            using (NewDisposeScope())
            {
                foreach (var (image, features) in images.Zip(_encoder.Encode(images, job.Cancellation)))
                {
                    foreach (var tensor in features.Tensors)
                        tensor.DetachFromDisposeScope();
                    screens.Take(image.Grid, [features]);
                }
            }

            _model.Compute.Synchronize(job.Cancellation);
            for (var layers = job.Open(screens.Features, _clock.GetElapsedTime(start)); layers > 0; layers--)
                job.ReadLayer();
            job.Join(batch);
            for (var time = TimeSpan.Zero; !job.Written(batch, time); time = _clock.GetElapsedTime(start))
            {
                job.Cancellation.ThrowIfCancellationRequested();
                start = _clock.GetTimestamp();
                batch.Step();
            }
        }
        catch (Exception e)
        {
            error = Noted(e);
        }

        job.End(batch, error);
        screens?.Dispose();
        _awaited.TryRemove(job, out _);
    }

    private void End(Entry entry, Exception? error)
    {
        if (!_entries.ContainsKey(entry.Job.Turn))
            return;
        entry.Job.Take();
        WaitNoLonger(entry);
        Forget(entry);
        entry.Job.Turn.Stage = JobStage.Ended;
        entry.Job.End(_batch, error is null ? null : Noted(error));
        entry.Screens?.Dispose();
        _awaited.TryRemove(entry.Job, out _);
    }

    private void Forget(Entry entry)
    {
        _entries.Remove(entry.Job.Turn);
        _scheduler.Remove(entry.Job.Turn);
        _plan.End(entry.Job.Turn);
    }

    /// <summary>The error as callers get it; a card that has failed is remembered.</summary>
    private Exception Noted(Exception error) => DeviceFault.Is(error) ? _fault = DeviceFault.Told(error) : error;

    private void Stalled(TimeSpan time)
    {
        var stall = Stall(time);
        foreach (var job in _awaited.Keys)
            job.Refuse(stall);
    }

    private static StarKvDeviceException Stall(TimeSpan time) => new(
        $"The device has not answered for {time.TotalSeconds:0} s (EngineOptions.StallAfter); nothing can be asked of it now. "
        + $"Start the process again, and look at nvidia-smi and the system's log if it comes back.");

    private void WaitNoLonger(Entry entry)
    {
        if (!entry.Waits)
            return;
        entry.Waits = false;
        entry.Job.WaitNoLonger();
        Interlocked.Decrement(ref _waiting);
    }

    private void RefuseArrivals()
    {
        while (_arrivals.TryDequeue(out var job))
        {
            Interlocked.Decrement(ref _waiting);
            job.WaitNoLonger();
            if (job.Take())
                job.Refuse(new ObjectDisposedException(_ended!.FullName));
            _awaited.TryRemove(job, out _);
        }
    }

    private void Try(Entry entry, Action piece) => Try(entry, () =>
    {
        piece();
        return true;
    }, out _);

    /// <summary>Does a piece of a request, whose failure ends it alone; false when it failed.</summary>
    private bool Try<T>(Entry entry, Func<T> piece, out T? result)
    {
        try
        {
            result = piece();
            return true;
        }
        catch (Exception e)
        {
            result = default;
            End(entry, e);
            return false;
        }
    }
}
