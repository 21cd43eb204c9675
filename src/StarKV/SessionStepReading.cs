using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Schedule;
using StarKV.Sessions;

namespace StarKV;

/// <summary>Reads what is new in a session's conversation, and takes the step when its answer is written.</summary>
/// <param name="engine">What the session's agent lends.</param>
/// <param name="kv">The session's rows, to which the step is added.</param>
/// <param name="step">The conversation.</param>
/// <param name="options">How the session's steps are read and answered.</param>
/// <param name="taken">Told what the session is after the step, before anybody else is.</param>
internal sealed class SessionStepReading(
    AgentEngine engine, KvSession kv, PreparedStep step, SessionOptions options, Action<StepTaken> taken) : IPromptReading
{
    private SessionRun? _run;
    private SessionReading? _read;
    private bool _begun, _isHeld;

    /// <inheritdoc/>
    public PreparedPrompt Prompt => step.Prompt;

    /// <inheritdoc/>
    public int TokensRead { get; private set; }

    /// <value>Refuses a step whose session was disposed meanwhile.</value>
    public required Action Check { get; init; }

    /// <value>Told what was read, before the answer is written; null (default) for nobody.</value>
    public Action<StepReport>? OnRead { get; init; }

    /// <value>
    /// Whoever asks for the step has left when it is cancelled: what was read whole then waits for an equal step. Null (default) where
    /// nothing is to wait.
    /// </value>
    public CancellationToken? Left { get; init; }

    /// <value>What the session held before; told when the step begins. Null (default) where nobody goes back to it.</value>
    public Action<KvSession>? Before { get; init; }

    /// <inheritdoc/>
    public JobNeed Need()
    {
        // Nobody knows what is read before the rows are compared; what is not known counts.
        var known = HasRead ? Prompt.Prompt.Length
            : kv.Rows is { } rows ? rows.CommonPrefix(Prompt.Prompt, Hashes) : 0;
        var tokens = Math.Max(1, Prompt.Prompt.Length - known);
        var screens = step.Frames.Where((_, i) => Prompt.Prompt.Frames[i].Start >= known).Select(f => f.Size.Grid);
        var need = PromptNeed.Of(engine.Model, Prompt, tokens, [.. screens]);
        var held = kv.DeviceBytes;
        return new JobNeed(need.Reading + held, need.Writing + held);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelImage> Start(CancellationToken cancellation)
    {
        Check();
        _begun = true;
        engine.Sessions.Begin(kv);
        if (Before is not null)
            Before(engine.Sessions.Open(kv.Fork()));
        _isHeld = HasRead;
        if (_isHeld)
            return [];
        var dropped = options.Slide == WindowSlide.Drop ? step.Dropped(kv.Rows) : [];
        _run = kv.Begin(
            new SessionStep(Prompt.Prompt, Hashes, options.Generation.MaxNewTokens, dropped),
            Prompt.Request.Compressions[0].For(engine.Tokenizer, Prompt.Answers), engine.Reading(Prompt));
        var first = _run.FirstFrame;
        var missing = step.Frames.Count - Prompt.Images.Count - first;
        var again = step.Frames.Skip(first).Take(missing).Select(f => f.Prepare(engine.Model.Pixels.Resize, cancellation));
        return [.. again, .. Prompt.Images.Skip(-missing)];
    }

    /// <inheritdoc/>
    /// <remarks>One layer, where nothing is to be read: a job reads at least that.</remarks>
    public int Open(IReadOnlyList<ScreenFeatures> screens, CancellationToken cancellation) => _isHeld ? 1 : _run!.Open(screens);

    /// <inheritdoc/>
    public void ReadLayer(CancellationToken cancellation)
    {
        if (!_isHeld)
            _run!.MoveNext(cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PrefillOutcome> Finish(CancellationToken cancellation)
    {
        _read = _isHeld ? kv.TakeHeld() : _run!.Finish(cancellation);
        TokensRead = _read.TokensRead;
        // What the reading held is not needed while the answer is written.
        _run?.Dispose();
        _run = null;
        OnRead?.Invoke(Report(_read));
        return [new PrefillOutcome(_read.Result, null)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<CacheOutcome> Complete(IReadOnlyList<CacheOutcome> outcomes)
    {
        var (answer, kept) = outcomes[0].OrThrow();
        answer = answer with { Session = Report(_read!) };
        kv.Commit(_read!, answer.Tokens);
        _read = null;
        taken(new StepTaken(answer, kept));
        return [new CacheOutcome(answer, kept)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Dispose();
        if (_read is not null && Left is { IsCancellationRequested: true })
        {
            kv.Hold(_read, options.Generation);
        }
        else if (_read is not null)
        {
            _read.Dispose();
            kv.Abandon();
        }

        if (_begun)
            engine.Sessions.End(kv);
        (_run, _read, _begun) = (null, null, false);
    }

    /// <summary>Whether an equal step has read everything, and its asker left.</summary>
    private bool HasRead => kv.Held?.Fits(Prompt.Prompt, Hashes, options.Generation) == true;

    private IReadOnlyList<string> Hashes => [.. step.Frames.Select(f => f.Hash)];

    private StepReport Report(SessionReading read)
    {
        var notes = new List<string>();
        if (read.Rebased)
            notes.Add("The whole conversation was read again: the model had no positions left after those of what has left it.");
        else if (read.Rebuilt)
            notes.Add("The whole conversation was read again.");
        if (read.Storage != options.Storage && !Prompt.Request.Compressions[0].KeepsEverything)
        {
            var bytes = FormattableString.Invariant($"{options.HostBytes} bytes");
            notes.Add(
                $"The rows would take more than the {bytes} of the host's memory that the session may take (HostBytes): "
                    + $"it goes on as one that evicts.");
        }

        return new StepReport(
            step.Number, read.TokensRead, read.Step.Sequence.Length, read.Storage, step.FramesLeaving, notes)
        {
            ReadAgain = read.Rebuilt,
            Rebased = read.Rebased,
        };
    }
}
