using System.Diagnostics;
using System.Runtime.ExceptionServices;
using StarKV.Account;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Schedule;

namespace StarKV;

/// <summary>A request on its way: its prompt is read once, and answered from each of its caches, side by side.</summary>
/// <remarks>Where times are measured, it is done at once, and its answers are written one after the other.</remarks>
/// <param name="reading">How its prompt is read; taken.</param>
/// <param name="answers">Begins and ends answers.</param>
/// <param name="compute">The device.</param>
/// <param name="telemetry">Tells of it.</param>
/// <param name="turn">What the scheduler knows of it.</param>
/// <param name="cancellation">Ends it at once while it waits, and between or inside pieces of work later.</param>
internal sealed class AnswerJob(
    IPromptReading reading, AnswerFactory answers, Compute compute, RequestTelemetry telemetry, JobTurn turn,
    CancellationToken cancellation)
    : Job(turn, cancellation)
{
    // Callers go on elsewhere: what they do next must not run on the inference thread, nor inside of whoever cancels.
    private readonly TaskCompletionSource<IReadOnlyList<CacheOutcome>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<OpenAnswer> _open = [];
    private IReadOnlyList<PrefillOutcome> _read = [];
    private IReadOnlyList<CacheOutcome>? _result;
    private StageTimes _times = new();
    private int _joined;

    /// <summary>What became of each cache, in the order of the compressions.</summary>
    public Task<IReadOnlyList<CacheOutcome>> Task => _done.Task;

    /// <inheritdoc/>
    public override bool RunsAlone => Options.MeasureTimes;

    /// <inheritdoc/>
    public override bool IsAwaited => !_done.Task.IsCompleted;

    /// <inheritdoc/>
    public override JobNeed Need() => reading.Need();

    /// <inheritdoc/>
    public override IReadOnlyList<ModelImage> Start()
    {
        Cancellation.ThrowIfCancellationRequested();
        return reading.Start(Cancellation);
    }

    /// <inheritdoc/>
    public override int Open(IReadOnlyList<ScreenFeatures> screens, TimeSpan vision)
    {
        _times = new StageTimes { Preprocess = reading.Prompt.Preprocess, Vision = vision };
        return Read(() => reading.Open(screens, Cancellation));
    }

    /// <inheritdoc/>
    public override void ReadLayer() => Read(() =>
    {
        reading.ReadLayer(Cancellation);
        return true;
    });

    /// <inheritdoc/>
    public override void Join(DecodeBatch batch)
    {
        _read = Read(() =>
        {
            var read = reading.Finish(Cancellation);
            compute.Synchronize(Cancellation);
            return read;
        });
        foreach (var result in _read.Select(o => o.Result).OfType<PrefillResult>())
            _open.Add(answers.Begin(reading.Prompt, result));
        JoinNext(batch);
    }

    /// <inheritdoc/>
    public override bool Written(DecodeBatch batch, TimeSpan time)
    {
        // What is not the fault of one cache ends all of them.
        var errors = _open.Select(a => a.Writer.Error).OfType<Exception>();
        if (errors.FirstOrDefault(e => e is OperationCanceledException || DeviceFault.Is(e)) is { } error)
            ExceptionDispatchInfo.Throw(error);
        foreach (var answer in Writing)
            answer.Time += time;
        telemetry.Written(_open.Sum(a => a.Writer.Count));
        if (Writing.Any(a => !a.Writer.HasEnded))
            return false;
        if (_joined < _open.Count)
        {
            JoinNext(batch);
            return Written(batch, TimeSpan.Zero);
        }

        _times = _times with { Waiting = _watch.Elapsed - _times.Vision - _times.Prefill - Longest };
        var written = new Queue<CacheOutcome>(_open.Select(a => answers.End(reading.Prompt, a, _times)));
        _result = reading.Complete([.. _read.Select(o => o.Error is { } error ? new CacheOutcome(error) : written.Dequeue())]);
        return true;
    }

    /// <inheritdoc/>
    public override void End(DecodeBatch batch, Exception? error)
    {
        foreach (var answer in _open)
        {
            batch.Leave(answer.Writer);
            answer.Dispose();
        }

        reading.Dispose();
        telemetry.End(_times with { Decode = Longest }, reading.TokensRead, error);
        if (error is null)
            _done.TrySetResult(_result!);
        else
            Refuse(error);
    }

    /// <inheritdoc/>
    public override void Refuse(Exception error)
    {
        if (error is OperationCanceledException && Cancellation.IsCancellationRequested)
            _done.TrySetCanceled(Cancellation);
        else
            _done.TrySetException(MemoryShortage.Told(error));
    }

    private AnswerOptions Options => reading.Prompt.Request.Options;

    private IEnumerable<OpenAnswer> Writing => RunsAlone ? _open.Take(_joined).TakeLast(1) : _open.Take(_joined);

    private TimeSpan Longest => _open.Select(a => a.Time).DefaultIfEmpty().Aggregate((a, b) => RunsAlone ? a + b : a > b ? a : b);

    private void JoinNext(DecodeBatch batch)
    {
        var joining = RunsAlone ? _open.Skip(_joined).Take(1).ToList() : _open;
        _joined += joining.Count;
        if (joining.Count > 0)
            batch.Join([.. joining.Select(a => a.Prefill)], [.. joining.Select(a => a.Writer)], Cancellation);
    }

    private T Read<T>(Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        _times = _times with { Prefill = _times.Prefill + Stopwatch.GetElapsedTime(start) };
        return result;
    }
}
