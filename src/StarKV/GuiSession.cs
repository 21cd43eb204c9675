using System.Diagnostics;
using StarKV.Account;
using StarKV.Input;
using StarKV.Schedule;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV;

/// <summary>
/// One task of an agent over many steps: give it the next screenshot, get the next action. Only what is new is read; the cache stays
/// compressed.
/// </summary>
/// <remarks>
/// <para>Opened by <see cref="GuiAgent.OpenSession"/>. What each storage keeps, and what it costs: docs/sessions.md.</para>
/// <para>A step that fails or is cancelled leaves the session as it was before it.</para>
/// <para>Thread-safe, but for one step at a time: another one meanwhile is refused. Sessions of one agent may step at the same time: the
/// engine reads for one while others write.</para>
/// </remarks>
public sealed partial class GuiSession : IDisposable
{
    private readonly AgentEngine _engine;
    private readonly JobClient _client = new();
    private readonly SessionOptions _options;
    private readonly string _instruction;
    private readonly PromptStyle _style;
    private KvSession _kv;
    private IReadOnlyList<SessionTurn> _turns;
    private HashSet<SessionFrame> _leaving = [];
    private GroundingAnswer? _last;
    private int? _restored;
    private KeptTokens? _kept;
    private readonly OneStep _step = new();
    private int _disposed;

    internal GuiSession(AgentEngine engine, string instruction, PromptStyle style, SessionOptions options)
        : this(
            engine, instruction, style, options,
            engine.Run(() => engine.Sessions.Open(new KvSession(engine.Model, options.Storage, options.HostBytes))),
            [.. options.PastActions.Select(a => new SessionTurn([], null, a))])
    {
    }

    private GuiSession(
        AgentEngine engine, string instruction, PromptStyle style, SessionOptions options, KvSession kv,
        IReadOnlyList<SessionTurn> turns) =>
        (_engine, _instruction, _style, _options, _kv, _turns) = (engine, instruction, style, options, kv, turns);

    /// <summary>Steps answered so far, those before the session included.</summary>
    public int Steps => _turns.Count;

    /// <summary>The task, in the words that the session was opened with.</summary>
    public string Instruction => _instruction;

    /// <summary>How its steps are read and answered.</summary>
    public SessionOptions Options => _options;

    /// <summary>
    /// The last finished step's answer; null before the first, after <see cref="Rollback"/>, and in a restored session before its next.
    /// </summary>
    public GroundingAnswer? LastAnswer => _last;

    /// <summary>Screenshots in the conversation.</summary>
    public int Frames => _turns.Sum(t => t.Frames.Count) - _leaving.Count;

    /// <summary>What the session holds.</summary>
    /// <exception cref="ObjectDisposedException">The session or the agent was disposed.</exception>
    public SessionKv Kv
    {
        get
        {
            ThrowIfDisposed();
            return _engine.Run(() => _kv.Report(_last?.Kv, _kept));
        }
    }

    /// <summary>Shows the next screenshot and answers.</summary>
    /// <param name="screen">The screen as it is now.</param>
    /// <param name="text">Further words of the user at this step; null (default) for none.</param>
    /// <param name="cancellation">
    /// Ends the step at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    public GroundingAnswer Step(Screenshot screen, string? text = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(screen);
        return Step([screen], text, cancellation);
    }

    /// <summary>Shows further screenshots, oldest first, and answers.</summary>
    /// <param name="screens">The screenshots; none where the step is words alone.</param>
    /// <param name="text">Further words of the user at this step; null (default) for none.</param>
    /// <param name="cancellation">
    /// Ends the step at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    /// <exception cref="StarKvException">
    /// Another step is under way, there is nothing new, or what the session asks for cannot be done; it is as it was before.
    /// </exception>
    public GroundingAnswer Step(IReadOnlyList<Screenshot> screens, string? text = null, CancellationToken cancellation = default)
    {
        var step = Asked(screens, text, null);
        return Alone(() => Answer(Prepare(step, cancellation), null, null, cancellation).GetAwaiter().GetResult());
    }

    /// <summary>Shows further screenshots, oldest first, and answers, without blocking the caller.</summary>
    /// <param name="screens">The screenshots; none where the step is words alone.</param>
    /// <param name="text">Further words of the user at this step; null (default) for none.</param>
    /// <param name="onText">
    /// Called on the inference thread with each new piece of the answer; may be null. What it throws is the answer's error.
    /// </param>
    /// <param name="cancellation">
    /// Ends the step at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    /// <inheritdoc cref="Step(IReadOnlyList{Screenshot}, string?, CancellationToken)" path="/exception"/>
    public Task<GroundingAnswer> StepAsync(
        IReadOnlyList<Screenshot> screens, string? text = null, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        return Later(Asked(screens, text, onText));

        async Task<GroundingAnswer> Later(NewTurn step)
        {
            _step.Begin();
            try
            {
                var prepared = await _engine.Prepare(() => Prepare(step, cancellation), cancellation).ConfigureAwait(false);
                return await Answer(prepared, null, null, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _step.End();
            }
        }
    }

    /// <summary>
    /// Another session that goes on from here, with everything that this one knows. No row is copied; what the method remembers is, some
    /// kilobytes a layer.
    /// </summary>
    /// <exception cref="StarKvException">A step is under way.</exception>
    public GuiSession Fork() => Alone(() => _engine.Run(() => new GuiSession(
        _engine, _instruction, _style, _options, _engine.Sessions.Open(_kv.Fork()), _turns)
    {
        _leaving = [.. _leaving],
        _last = _last,
        _kept = _kept,
        _restored = _restored,
    }));

    /// <summary>Takes a screenshot out of the conversation; its turn's answer stays. It takes effect with the next step.</summary>
    /// <param name="frame">The screenshot, from 0 for the oldest that is still there.</param>
    /// <exception cref="StarKvException">There is no such screenshot, or a step is under way.</exception>
    public void DropFrame(int frame = 0) => Alone(() =>
    {
        var frames = _turns.SelectMany(t => t.Frames).Where(f => !_leaving.Contains(f)).ToList();
        if (frame < 0 || frame >= frames.Count)
            throw new StarKvException($"There is no screenshot {frame} in the session, which has {frames.Count}, numbered from 0.");
        return _leaving.Add(frames[frame]);
    });

    /// <summary>
    /// Takes the last finished step back, as if it had not been asked for. Rows that it dropped with <see cref="KvStorage.Evict"/>, and
    /// screenshots that left its window, do not come back.
    /// </summary>
    /// <exception cref="StarKvException">
    /// There is no step to take back, it was answered before the session was saved, or one is under way.
    /// </exception>
    public void Rollback() => Alone(() =>
    {
        if (_turns.Count == _options.PastActions.Count)
            throw new StarKvException("The session has no finished step that could be taken back.");
        if (_turns.Count == _restored)
        {
            throw new StarKvException(
                "The session's last step was answered before it was saved, and the file does not hold what was before; "
                    + "take a step back before saving.");
        }

        _engine.Run(() =>
        {
            _kv.Abandon();
            return true;
        });
        (_turns, _last, _kept) = ([.. _turns.SkipLast(1)], null, null);
        return true;
    });

    /// <summary>Frees everything that the session holds, when a step that is under way has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _engine.Sessions.Close(_kv);
    }

    private bool InstructionIsFirst => (_options.Position ?? _style.Position) == InstructionPosition.First;

    /// <summary>A turn that is asked for.</summary>
    private sealed record NewTurn(IReadOnlyList<Screenshot> Screens, string? Text, Action<string>? OnText);

    /// <summary>A turn that is ready to be read.</summary>
    /// <param name="Turns">All turns, the new one last and unanswered.</param>
    /// <param name="Ready">Their conversation.</param>
    private sealed record TaskStep(IReadOnlyList<SessionTurn> Turns, PreparedStep Ready);

    private NewTurn Asked(IReadOnlyList<Screenshot> screens, string? text, Action<string>? onText)
    {
        screens = AgentArguments.Copy(screens);
        ThrowIfDisposed();
        return new NewTurn(screens, text, onText);
    }

    private T Alone<T>(Func<T> work)
    {
        ThrowIfDisposed();
        _step.Begin();
        try
        {
            return work();
        }
        finally
        {
            _step.End();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed == 1, this);

    /// <summary>Resizes the new screenshots and writes the conversation out; on any thread.</summary>
    private TaskStep Prepare(NewTurn step, CancellationToken cancellation)
    {
        if (step.Screens.Count == 0 && string.IsNullOrEmpty(step.Text))
            throw new StarKvException("The step has neither a screenshot nor words; give at least one of them.");
        var watch = Stopwatch.StartNew();
        var resize = _engine.Model.Pixels.Resize;
        var images = step.Screens.Select(s => s.ForModel(resize, cancellation)).ToList();
        cancellation.ThrowIfCancellationRequested();
        var shown = step.Screens.Zip(images, (s, i) => new SessionFrame(s, s.ContentHash, i.Size)).ToList();
        List<SessionTurn> turns = [.. _turns, new SessionTurn(shown, step.Text, null)];
        var leaving = SessionWindow.Leaving(turns, _leaving, _options.FrameWindow);
        turns = SessionWindow.WithoutOldAnswers(turns.ConvertAll(t => t.Without(leaving)), _options.AnswerWindow);
        var frames = turns.SelectMany(t => t.Frames).ToList();
        var conversation = new TaskConversation(_style, _instruction, turns.ConvertAll(t => t.Written())) { Position = _options.Position };
        var tokens = conversation.Encode(_engine.Tokenizer, _engine.Model.Config.Family.Chat);
        var request = new Request(
            step.Screens, new PromptContent.WrittenOut(""), [_options.CompressionOf(tokens.Instructions.Count > 0)], _options)
        {
            OnText = step.OnText,
        };
        var prompt = new PreparedPrompt(request, images, tokens, _style.Answers(_engine.Model.Config.Family.Actions), watch.Elapsed)
        {
            Sizes = frames.ConvertAll(f => f.Size),
        };
        var now = _turns;
        return new TaskStep(turns, new PreparedStep(prompt, turns.Count, frames, leaving.Count)
        {
            Dropped = held => held is { } rows ? SessionWindow.Dropped(rows.Tokens, now, leaving, turns, InstructionIsFirst) : [],
        });
    }

    /// <summary>Reads what is new and writes the answer.</summary>
    /// <param name="step">The conversation.</param>
    /// <param name="taken">Told on the inference thread what was answered; null to take the step then.</param>
    /// <param name="before">Told what the session held before, in a fork; null where nobody goes back to it.</param>
    /// <param name="cancellation">Ends the step at once while it waits, and within one layer or token later.</param>
    private async Task<GroundingAnswer> Answer(
        TaskStep step, Action<StepTaken>? taken, Action<KvSession>? before, CancellationToken cancellation)
    {
        taken ??= answered => Take(step.Turns, answered);
        var reading = new SessionStepReading(_engine, _kv, step.Ready, _options, taken) { Check = ThrowIfDisposed, Before = before };
        var outcomes = await _engine.Ask(reading, _client, cancellation).ConfigureAwait(false);
        return outcomes[0].OrThrow().Answer;
    }

    private void Take(IReadOnlyList<SessionTurn> turns, StepTaken step) => (_turns, _leaving, _last, _kept) =
        ([.. turns.SkipLast(1), turns[^1] with { Answer = step.Answer.Text }], [], step.Answer, step.Kept);
}
