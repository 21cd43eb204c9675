using StarKV.Prefill;

namespace StarKV.Schedule;

/// <summary>Decides what the device does next: some layers of somebody's prompt, screenshots, or a token of all who write.</summary>
/// <remarks>
/// <para>The policy. (1) Between two tokens of those who write, others read for at most <see cref="EngineOptions.ReadBetweenTokens"/>, but
/// for at least one piece, so that neither side waits for the other's end. (2) One prompt is read at a time, to its end, unless a request
/// of higher priority comes. (3) Who is next: the higher priority, which grows by one with every <see cref="EngineOptions.AgeAfter"/> of
/// waiting, so that nobody waits for ever; then the earlier deadline, none being the latest; then the client that was served less
/// (start-time fair queueing by tokens read: Goyal, Vin and Cheng, SIGCOMM 1996); then who came first. (4) Nobody who does not fit is
/// overtaken by somebody smaller.</para>
/// <para>Not thread-safe: it belongs on the inference thread.</para>
/// </remarks>
/// <param name="clock">The time.</param>
/// <param name="options">Its bounds.</param>
internal sealed class Scheduler(TimeProvider clock, EngineOptions options)
{
    private readonly List<JobTurn> _turns = [];
    private readonly Pace _patches = new();
    private readonly Dictionary<JobTurn, Pace> _layers = [];
    private JobTurn? _reader;
    private TimeSpan _sinceToken;
    private long _arrivals;
    private double _served;

    /// <summary>Requests that have arrived and not ended, in their order.</summary>
    public IReadOnlyList<JobTurn> Turns => _turns;

    /// <summary>A request arrives.</summary>
    public void Add(JobTurn turn)
    {
        (turn.Arrived, turn.Number) = (clock.GetTimestamp(), _arrivals++);
        // Who was away has not saved anything up.
        turn.Start = Math.Max(_served, turn.Client.ServedUntil);
        turn.Client.ServedUntil = turn.Start + turn.Tokens;
        _turns.Add(turn);
    }

    /// <summary>A request has ended.</summary>
    public void Remove(JobTurn turn)
    {
        _turns.Remove(turn);
        _layers.Remove(turn);
        if (ReferenceEquals(_reader, turn))
            _reader = null;
    }

    /// <summary>The request that is let in next; null when none waits.</summary>
    public JobTurn? NextToEnter() => _turns.Where(t => t.Stage == JobStage.Waiting).OrderBy(Rank).FirstOrDefault();

    /// <summary>Whether a request's time is up.</summary>
    public bool IsLate(JobTurn turn) => turn.TimeLimit is { } limit && Waited(turn) >= limit;

    /// <summary>The next piece of work; null when nothing can be done.</summary>
    public Quantum? Next()
    {
        var isWritten = _turns.Exists(t => t.Stage == JobStage.Writing);
        if (Reader() is not { } reader)
            return isWritten ? new Quantum.Write() : null;
        var left = isWritten ? options.ReadBetweenTokens - _sinceToken : options.ReadBetweenTokens;
        var (quantum, estimate) = reader.Screens.Count > 0 ? Encoding(reader, left) : Reading(reader, left);
        return isWritten && _sinceToken > TimeSpan.Zero && estimate > left
            ? new Quantum.Write()
            : quantum with { IsBetweenTokens = isWritten };
    }

    /// <summary>Says how long a piece of work took.</summary>
    public void Took(Quantum quantum, TimeSpan time)
    {
        if (quantum is Quantum.Write)
        {
            _sinceToken = TimeSpan.Zero;
            return;
        }

        if (!quantum.IsBetweenTokens)
            return;
        _sinceToken += time;
        switch (quantum)
        {
            case Quantum.Encode encode:
                _patches.Took(encode.Patches, time);
                break;
            case Quantum.Read read when _turns.Contains(read.Turn):
                PaceOf(read.Turn).Took(read.Layers, time);
                break;
        }
    }

    /// <summary>Whose prompt is worked on: whose is, unless somebody of higher priority was let in.</summary>
    private JobTurn? Reader()
    {
        var best = _turns.Where(t => t.Stage is JobStage.Encoding or JobStage.Reading).OrderBy(Rank).FirstOrDefault();
        if (_reader is { Stage: JobStage.Encoding or JobStage.Reading } && best!.Priority <= _reader.Priority)
            return _reader;
        if (best is not null)
            _served = Math.Max(_served, best.Start);
        return _reader = best;
    }

    private (Quantum, TimeSpan) Encoding(JobTurn reader, TimeSpan left)
    {
        var grid = reader.Screens[0];
        var room = _patches.Fit(left, int.MaxValue) / grid.Patches;
        room = Math.Clamp(room, 1, ScreenEncoder.AtOnce(grid));
        List<(JobTurn Turn, int Count)> turns = [];
        foreach (var turn in _turns.Where(t => t.Screens.Contains(grid)).OrderBy(t => t == reader ? 0 : 1).ThenBy(Rank))
        {
            var count = Math.Min(room, turn.Screens.Count(g => g == grid));
            if (count > 0)
                turns.Add((turn, count));
            room -= count;
        }

        var encode = new Quantum.Encode(grid, turns);
        return (encode, _patches.Of(encode.Patches));
    }

    private (Quantum, TimeSpan) Reading(JobTurn reader, TimeSpan left)
    {
        var pace = PaceOf(reader);
        var layers = pace.Fit(left, reader.LayersLeft);
        return (new Quantum.Read(reader, layers), pace.Of(layers));
    }

    private Pace PaceOf(JobTurn turn)
    {
        if (!_layers.TryGetValue(turn, out var pace))
            _layers[turn] = pace = new Pace();
        return pace;
    }

    private TimeSpan Waited(JobTurn turn) => clock.GetElapsedTime(turn.Arrived);

    private (double, TimeSpan, double, long) Rank(JobTurn turn)
    {
        var waited = Waited(turn);
        var level = turn.Priority + Math.Floor(waited / options.AgeAfter);
        return (-level, turn.TimeLimit - waited ?? TimeSpan.MaxValue, turn.Start, turn.Number);
    }
}
