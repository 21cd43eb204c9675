using System.Diagnostics;
using StarKV.Input;
using StarKV.Schedule;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV;

/// <summary>
/// A conversation that the caller writes out whole at each step, as chat programs do: only what is new since the last step is read.
/// </summary>
/// <remarks>
/// <para>Opened by <see cref="GuiAgent.OpenConversation"/>. Where <see cref="GuiSession"/> writes the conversation itself, here everything
/// in it is the caller's: messages may be added, changed or gone at any place. The rows of what it begins with stay; those of what
/// <see cref="ConversationStep.FramesLeft"/> and <see cref="ConversationStep.MessagesLeft"/> name go, and the rest is read again.</para>
/// <para>A step that fails or is cancelled leaves the session as it was before it.</para>
/// <para>Thread-safe, but for one step at a time: another one meanwhile is refused.</para>
/// </remarks>
public sealed class ConversationSession : IDisposable
{
    private readonly AgentEngine _engine;
    private readonly SessionOptions _options;
    private readonly JobClient _client = new();
    private readonly OneStep _step = new();
    private readonly KvSession _kv;
    private Taken _taken = new([], [], 0);
    private int _disposed;

    internal ConversationSession(AgentEngine engine, SessionOptions options) => (_engine, _options, _kv) = (
        engine, options, new KvSession(engine.Model, options.Storage, options.HostBytes));

    private ConversationSession(ConversationSession from, KvSession kv) =>
        (_engine, _options, _kv, _taken) = (from._engine, from._options, kv, from._taken);

    /// <summary>Steps answered so far.</summary>
    public int Steps => _taken.Steps;

    /// <summary>How its steps are read and answered.</summary>
    public SessionOptions Options => _options;

    /// <summary>What the session holds; waits for the piece of work that is under way.</summary>
    /// <exception cref="ObjectDisposedException">The session or the agent was disposed.</exception>
    public SessionKv Kv
    {
        get
        {
            ThrowIfDisposed();
            return _engine.Run(() => _kv.Report(null, null));
        }
    }

    /// <summary>Reads what is new in the conversation and writes the next message, without blocking the caller.</summary>
    /// <param name="step">The whole conversation.</param>
    /// <param name="cancellation">Ends the step at once while it waits for others, and within one layer or token later.</param>
    /// <exception cref="StarKvException">
    /// Another step is under way, the conversation does not fit the model, or what it asks for cannot be done; the session is as it was.
    /// </exception>
    public Task<GroundingAnswer> AnswerAsync(ConversationStep step, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        ThrowIfDisposed();
        step = step with { Messages = [.. step.Messages], FramesLeft = [.. step.FramesLeft], MessagesLeft = [.. step.MessagesLeft] };
        return Later();

        async Task<GroundingAnswer> Later()
        {
            _step.Begin();
            try
            {
                var (prepared, next) = await _engine.Prepare(() => Prepare(step, cancellation), cancellation).ConfigureAwait(false);
                var reading = new SessionStepReading(
                    _engine, _kv, prepared, (SessionOptions)prepared.Prompt.Request.Options, _ => _taken = next)
                {
                    Check = ThrowIfDisposed,
                    OnRead = step.OnRead,
                    Left = step.HoldsWhatWasRead ? cancellation : null,
                };
                var outcomes = await _engine.Ask(reading, _client, cancellation).ConfigureAwait(false);
                return outcomes[0].OrThrow().Answer;
            }
            finally
            {
                _step.End();
            }
        }
    }

    /// <summary>
    /// Frees what a step had read that was cancelled (<see cref="ConversationStep.HoldsWhatWasRead"/>), after the work that is under way;
    /// nothing where there is none, or a step is under way.
    /// </summary>
    public void DropHeld()
    {
        if (_disposed == 0)
            _engine.Sessions.DropHeldLater(_kv);
    }

    /// <summary>Another session that goes on from here. No row is copied; what the method remembers is, some kilobytes a layer.</summary>
    /// <exception cref="StarKvException">A step is under way.</exception>
    public ConversationSession Fork()
    {
        ThrowIfDisposed();
        _step.Begin();
        try
        {
            return _engine.Run(() => new ConversationSession(this, _engine.Sessions.Open(_kv.Fork())));
        }
        finally
        {
            _step.End();
        }
    }

    /// <summary>Frees everything that the session holds, when a step that is under way has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _engine.Sessions.Close(_kv);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed == 1, this);

    /// <summary>Resizes the new screenshots and writes the conversation out; on any thread.</summary>
    private (PreparedStep Ready, Taken Next) Prepare(ConversationStep step, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (before, left) = (_taken.Messages, ConversationWindow.FramesLeft(_taken.Messages, step));
        var known = _taken.Frames.Where((_, i) => !left.Contains(i)).ToList();
        var screens = step.Messages.SelectMany(m => m.Parts).Select(p => p.Screen).OfType<Screenshot>().ToList();
        var common = known.Zip(screens).TakeWhile(f => f.First.Hash == f.Second.ContentHash).Count();
        var images = screens.Skip(common).Select(s => s.ForModel(_engine.Model.Pixels.Resize, cancellation)).ToList();
        cancellation.ThrowIfCancellationRequested();
        List<SessionFrame> frames =
        [
            .. known.Take(common), .. screens.Skip(common).Zip(images, (s, i) => new SessionFrame(s, s.ContentHash, i.Size)),
        ];
        var family = _engine.Model.Config.Family;
        var tokens = new ChatTemplate(_engine.Tokenizer, family.Chat).Encode(Written(step.Messages, frames));
        var options = Asked(step, tokens);
        var request = new Request(
            [.. screens.Skip(common)], new PromptContent.WrittenOut(""), [_options.CompressionOf(tokens.Instructions.Count > 0)], options)
        {
            OnText = step.OnText,
        };
        var style = new AnswerStyle(family.Actions, WordsFirst: step.Messages.Any(AsksForThought));
        var prompt = new PreparedPrompt(request, images, tokens, style, watch.Elapsed) { Sizes = frames.ConvertAll(f => f.Size) };
        var ready = new PreparedStep(prompt, _taken.Steps + 1, frames, left.Count)
        {
            Dropped = held => held is { } rows ? ConversationWindow.Dropped(rows.Tokens, before, step) : [],
        };
        return (ready, new Taken(step.Messages, frames, _taken.Steps + 1));
    }

    /// <summary>
    /// The step's options. An answer that may be longer than positions are left gets half of them: gaps that screenshots left take others.
    /// </summary>
    /// <exception cref="StarKvPromptTooLongException">None are left.</exception>
    private SessionOptions Asked(ConversationStep step, TokenMap tokens)
    {
        var generation = (step.Generation ?? _options.Generation).Checked();
        var most = _engine.Model.Config.Text.MaxPositions;
        var taken = _engine.Model.Text.Positions(tokens).NextPosition;
        if (taken >= most)
        {
            throw new StarKvPromptTooLongException(
                $"The conversation takes {taken} positions ({tokens.Length} tokens); the model has {most}, for the answer too. "
                    + $"Shorten it, or show fewer screenshots.");
        }

        var room = most - taken;
        var options = _options with
        {
            Generation = generation.MaxNewTokens <= room ? generation : generation with { MaxNewTokens = (int)((room + 1) / 2) },
            Priority = step.Priority,
            TimeLimit = step.TimeLimit,
        };
        AgentArguments.CheckTimeLimit(options);
        return options;
    }

    private static List<ChatMessage> Written(IReadOnlyList<ConversationMessage> messages, List<SessionFrame> frames)
    {
        var next = 0;
        return [.. messages.Select(m => new ChatMessage(m.Role, [.. m.Parts.Select(Part)]))];

        ChatPart Part(ConversationPart part)
        {
            if (part.Text is { } text)
                return new TextPart(text) { HasBoxMarks = true };
            var grid = frames[next++].Size.Grid;
            return new MergedGrid(grid.Rows, grid.Columns);
        }
    }

    private static bool AsksForThought(ConversationMessage message) =>
        message.Role != ChatRole.Assistant && message.Parts.Any(p => p.Text?.Contains("Thought:", StringComparison.Ordinal) == true);

    /// <summary>The last finished step.</summary>
    /// <param name="Messages">Its messages, without the answer.</param>
    /// <param name="Frames">Their screenshots, oldest first.</param>
    /// <param name="Steps">Its number.</param>
    private sealed record Taken(IReadOnlyList<ConversationMessage> Messages, IReadOnlyList<SessionFrame> Frames, int Steps);
}
