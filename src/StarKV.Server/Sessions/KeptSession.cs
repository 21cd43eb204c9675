using StarKV.Reports.Live;
using StarKV.Server.Turns;

namespace StarKV.Server.Sessions;

/// <summary>A conversation that the server remembers, and the engine's rows of it.</summary>
/// <remarks>Who has claimed it may change it; the table reads what it needs under its own lock.</remarks>
/// <param name="id">What the server calls it.</param>
/// <param name="scope">Whose it is.</param>
/// <param name="settings">How its steps are compressed.</param>
internal sealed class KeptSession(string id, string scope, SessionSettings settings)
{
    /// <summary>What the server calls it.</summary>
    public string Id { get; } = id;

    /// <summary>Whose it is.</summary>
    public string Scope { get; } = scope;

    /// <value>What the client calls it; null (default) for nothing.</value>
    public string? Name { get; init; }

    /// <value>The client's hint that requests are of it; null (default) for none.</value>
    public string? CacheKey { get; set; }

    /// <value>How its steps are compressed.</value>
    public SessionSettings Settings { get; private set; } = settings;

    /// <value>All turns, the last answer among them; default none.</value>
    public IReadOnlyList<ConversationMessage> Turns { get; private set; } = [];

    /// <value>The turns that the engine read at the last step, and their answer; default none.</value>
    public IReadOnlyList<ConversationMessage> ReadTurns { get; private set; } = [];

    /// <value>The engine's rows; null (default) until the first step.</value>
    public ConversationSession? Rows { get; private set; }

    /// <value>How the last step was related to what was held; null (default) before the first.</value>
    public Outcome? LastOutcome { get; private set; }

    /// <value>The id of the last step's response; null (default) where it has none.</value>
    public string? LastResponse { get; set; }

    /// <value>The last step, should it be asked for again; null (default) for none.</value>
    public LastStep? Last { get; set; }

    /// <value>The step after the last one, whose clients left; null (default) for none.</value>
    public LeftStep? Left { get; private set; }

    /// <value>Steps answered; default 0.</value>
    public int Steps { get; private set; }

    /// <value>Requests that were answered or failed; default 0.</value>
    public int Requests { get; private set; }

    /// <value>The last of them, as the page shows them, oldest first; default none.</value>
    public IReadOnlyList<LiveStep> Shown { get; private set; } = [];

    /// <value>When it was last used.</value>
    public DateTimeOffset LastUsed { get; set; }

    /// <value>Bytes of the screenshots that it remembers; default 0.</value>
    public long InputBytes { get; private set; }

    /// <value>Whether the table has forgotten it; default false.</value>
    public bool IsGone { get; set; }

    /// <value>Requests that wait for the step that is under way; default 0.</value>
    public int Waiting { get; set; }

    /// <summary>Whoever has entered it has the session for itself.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Whether no step is under way.</summary>
    public bool IsIdle => Gate.CurrentCount > 0;

    /// <summary>Whether no step has been answered or read in it.</summary>
    public bool IsEmpty => Steps == 0 && Left is null;

    /// <summary>The rows, made when they are first asked for.</summary>
    /// <param name="open">Opens them, as <see cref="Settings"/> say.</param>
    public ConversationSession RowsBy(Func<ConversationSession> open) => Rows ??= open();

    /// <summary>Takes rows of another session that were forked for this one.</summary>
    /// <param name="rows">The rows; taken.</param>
    /// <param name="read">The turns that the engine read for them.</param>
    public void Adopt(ConversationSession rows, IReadOnlyList<ConversationMessage> read) => (Rows, ReadTurns) = (rows, read);

    /// <summary>A step was answered.</summary>
    /// <param name="turns">All turns, the answer last.</param>
    /// <param name="outcome">How it was related to what was held.</param>
    public void Take(IReadOnlyList<ConversationMessage> turns, Outcome outcome)
    {
        (Turns, ReadTurns, LastOutcome, LastResponse, Left, Steps) = (turns, turns, outcome, null, null, Steps + 1);
        CountInputs();
    }

    /// <summary>Screenshots are not in the conversation any more; the next step takes their rows out.</summary>
    /// <param name="turns">All turns without them.</param>
    public void Forget(IReadOnlyList<ConversationMessage> turns)
    {
        Turns = turns;
        CountInputs();
    }

    /// <summary>The clients of a step have left; what the engine has read for it is there for whoever asks again.</summary>
    /// <param name="request">The request's turns.</param>
    /// <param name="now">The time.</param>
    public void Leave(IReadOnlyList<ConversationMessage> request, DateTimeOffset now)
    {
        Left = new LeftStep(request, now);
        CountInputs();
    }

    /// <summary>Nobody has asked again in time.</summary>
    public void ForgetLeft()
    {
        Left = null;
        Rows?.DropHeld();
        CountInputs();
    }

    /// <summary>Remembers a request for the page.</summary>
    /// <param name="step">Makes what is shown of it, given its number.</param>
    /// <param name="most">Requests that are remembered, 1 or more.</param>
    public void Show(Func<int, LiveStep> step, int most)
    {
        Shown = [.. Shown.TakeLast(most - 1), step(++Requests)];
        CountInputs();
    }

    /// <summary>Lets go of what the page showed.</summary>
    public void Hide() => Shown = [];

    /// <summary>Begins anew; the rows are the caller's to free.</summary>
    public ConversationSession? Reset(SessionSettings settings)
    {
        var rows = Rows;
        (Settings, Turns, ReadTurns, Rows, Last, Left) = (settings, [], [], null, null, null);
        return rows;
    }

    private void CountInputs() => InputBytes = Turns.Concat(ReadTurns).Concat(Left?.Request ?? []).SelectMany(t => t.Parts)
        .Select(p => p.Screen).OfType<Input.Screenshot>().Concat(Shown.SelectMany(s => s.Screens)).Distinct().Sum(s => s.Rgb.LongLength);
}
