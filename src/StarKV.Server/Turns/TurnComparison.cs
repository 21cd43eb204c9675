namespace StarKV.Server.Turns;

/// <summary>How what a session holds and what a request sends are related.</summary>
internal enum Outcome
{
    /// <summary>Nothing is in common, or there was no session.</summary>
    New,

    /// <summary>The session's turns are the beginning of the request's.</summary>
    Append,

    /// <summary>The request lacks screenshots of the session, and goes on.</summary>
    Slide,

    /// <summary>They differ from some turn on.</summary>
    Cut,

    /// <summary>The session was known, and its rows were gone: everything was read again.</summary>
    Rebuilt,

    /// <summary>The session was known, and the model had no positions left after its: everything was read again, from position 0.</summary>
    Rebased,

    /// <summary>The request was answered already, and the answer did not reach its client: it is sent again.</summary>
    Replay,

    /// <summary>A second continuation of a response, as a session of its own.</summary>
    Fork,
}

/// <summary>What a session holds, compared with a request, turn by turn.</summary>
/// <param name="Outcome">How they are related.</param>
/// <param name="Kept">Turns of the session that stay.</param>
/// <param name="Dropped">Turns of the session that left whole, by index, ascending.</param>
/// <param name="Read">Turns of the request that are new.</param>
internal sealed record TurnComparison(Outcome Outcome, int Kept, IReadOnlyList<int> Dropped, int Read)
{
    /// <value>Screenshots of the session that left turns which stay, by index among all, ascending; default none.</value>
    public IReadOnlyList<int> FramesLeft { get; init; } = [];

    /// <value>The request's turns, those that the session holds being the session's own; default none.</value>
    public IReadOnlyList<ConversationMessage> Turns { get; init; } = [];

    /// <summary>Compares.</summary>
    /// <param name="stored">The session's turns, the answers among them.</param>
    /// <param name="request">The request's turns.</param>
    public static TurnComparison Of(IReadOnlyList<ConversationMessage> stored, IReadOnlyList<ConversationMessage> request)
    {
        var (dropped, framesLeft, turns) = (new List<int>(), new List<int>(), new List<ConversationMessage>());
        var (i, j, frame) = (0, 0, 0);
        while (i < stored.Count && j < request.Count)
        {
            var screens = TurnText.Screens(stored[i]);
            if (TurnText.AreSame(stored[i], request[j]))
            {
                turns.Add(stored[i]);
                j++;
            }
            else if (TurnText.IsWithoutScreens(stored[i], request[j]))
            {
                framesLeft.AddRange(Enumerable.Range(frame, screens));
                turns.Add(request[j]);
                j++;
            }
            else if (screens > 0)
            {
                dropped.Add(i);
            }
            else
            {
                break;
            }

            (i, frame) = (i + 1, frame + screens);
        }

        for (; i < stored.Count && j == request.Count && TurnText.Screens(stored[i]) > 0; i++)
            dropped.Add(i);
        if (j == 0)
            return new TurnComparison(Outcome.New, 0, [], request.Count) { Turns = request };
        if (i < stored.Count)
            return CutAt(stored, request);
        return new TurnComparison(
            dropped.Count + framesLeft.Count > 0 ? Outcome.Slide : Outcome.Append, stored.Count - dropped.Count, dropped, request.Count - j)
        {
            FramesLeft = framesLeft,
            Turns = [.. turns, .. request.Skip(j)],
        };
    }

    private static TurnComparison CutAt(IReadOnlyList<ConversationMessage> stored, IReadOnlyList<ConversationMessage> request)
    {
        var common = stored.Zip(request).TakeWhile(t => TurnText.AreSame(t.First, t.Second)).Count();
        return new TurnComparison(common == 0 ? Outcome.New : Outcome.Cut, common, [], request.Count - common)
        {
            Turns = [.. stored.Take(common), .. request.Skip(common)],
        };
    }
}
