using StarKV.Server.Errors;
using StarKV.Server.Turns;

namespace StarKV.Server.Sessions;

/// <content>Which session a request goes on with, and that it has it for itself.</content>
internal sealed partial class SessionTable
{
    /// <summary>Finds the session that a request goes on with, or makes one, and has it for the request alone.</summary>
    /// <param name="query">The request.</param>
    /// <param name="cancellation">Ends the waiting for a named session's step.</param>
    /// <exception cref="ApiException">The named session has a step under way, and another request waits for it.</exception>
    public async Task<SessionClaim> ClaimAsync(SessionQuery query, CancellationToken cancellation)
    {
        if (query.After is { } place)
            return await After(place, query, cancellation).ConfigureAwait(false);
        while (query.Name is { } name)
        {
            KeptSession session;
            Task<bool> entered;
            lock (_gate)
            {
                Sweep();
                session = _sessions.FirstOrDefault(s => s.Scope == query.Scope && s.Name == name) ?? Add(query, name);
                entered = Enter(session, cancellation);
            }

            if (await entered.ConfigureAwait(false))
                return Claimed(session, query, session.Steps > 0 ? FoundBy.Name : null);
        }

        var (claim, source) = Find(query);
        if (source is not null)
            await Fork(source, claim).ConfigureAwait(false);
        return claim;
    }

    /// <summary>Ends a claim.</summary>
    internal void Give(KeptSession session)
    {
        lock (_gate)
        {
            session.LastUsed = time.GetUtcNow();
            Leave(session);
            Sweep();
        }
    }

    /// <summary>Goes on after a response: in its session where nothing came after it, else in a new one with rows like its.</summary>
    private async Task<SessionClaim> After(SessionPlace place, SessionQuery query, CancellationToken cancellation)
    {
        var session = place.Session;
        if (place.IsLast && session.Settings == query.Settings)
        {
            Task<bool> entered;
            lock (_gate)
            {
                ForgetLeft();
                entered = Enter(session, cancellation);
            }

            if (await entered.ConfigureAwait(false))
            {
                if (place.IsLast)
                {
                    session.Forget(place.Turns);
                    return new SessionClaim(this, session, TurnComparison.Of(place.Turns, query.Turns), FoundBy.PreviousResponse);
                }

                Give(session);
            }
        }

        var compared = TurnComparison.Of(place.Turns, query.Turns);
        if (session.Settings != query.Settings || compared.Outcome is Outcome.New or Outcome.Cut)
            compared = TurnComparison.Of([], query.Turns);
        else
            compared = compared with { Outcome = session.IsGone ? Outcome.Rebuilt : Outcome.Fork };
        SessionClaim claim;
        bool forks;
        lock (_gate)
        {
            forks = compared.Outcome == Outcome.Fork && session.Rows is not null
                && session.Gate.Wait(0, CancellationToken.None);
            claim = Entered(Add(query, null), compared, FoundBy.PreviousResponse);
        }

        if (forks)
            await Fork(session, claim).ConfigureAwait(false);
        return claim;
    }

    /// <summary>Enters a session, after the step that is under way; false where the session was forgotten meanwhile.</summary>
    /// <exception cref="ApiException">Another request waits already.</exception>
    private Task<bool> Enter(KeptSession session, CancellationToken cancellation)
    {
        if (!session.IsIdle && session.Waiting > 0)
        {
            throw ApiException.Busy(
                "session_busy",
                $"A step of session {session.Name ?? session.Id} is under way and another request waits for it; "
                    + "send one step at a time.", 2);
        }

        session.Waiting++;
        return Later();

        async Task<bool> Later()
        {
            try
            {
                await session.Gate.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                lock (_gate)
                    session.Waiting--;
            }

            if (!session.IsGone)
                return true;
            session.Gate.Release();
            return false;
        }
    }

    private SessionClaim Claimed(KeptSession session, SessionQuery query, string? by)
    {
        if (session.Settings != query.Settings)
            Free(session.Reset(query.Settings));
        var comparison = PrefixMatch.OrNew(TurnComparison.Of(session.Turns, query.Turns));
        return new SessionClaim(this, session, comparison, by);
    }

    /// <summary>
    /// The session that has most in common with a request, else a new one. One that would lose much is left as it is, and is the source of
    /// a new one's rows; it is entered too.
    /// </summary>
    private (SessionClaim Claim, KeptSession? Source) Find(SessionQuery query)
    {
        lock (_gate)
        {
            Sweep();
            var idle = _sessions.Where(s => s.Scope == query.Scope && s.Name is null && s.Settings == query.Settings && s.IsIdle)
                .OrderByDescending(s => s.LastUsed).ToList();
            if (limits.PrefixMatch && idle.Find(s => s.Left?.IsOf(query.Turns) == true) is { } left)
                return (Entered(left, TurnComparison.Of(left.Turns, query.Turns), FoundBy.Prefix), null);
            var by = FoundBy.CacheKey;
            var best = query.CacheKey is { } key ? PrefixMatch.Best(idle.Where(s => s.CacheKey == key), query.Turns) : null;
            if (best is null && limits.PrefixMatch)
                (by, best) = (FoundBy.Prefix, PrefixMatch.Best(idle, query.Turns));
            if (best is not { } found)
                return (Entered(Add(query, null), TurnComparison.Of([], query.Turns), null), null);
            var forks = found.Session.Rows is not null && PrefixMatch.LosesMore(found.Session, found.Comparison);
            if (forks)
                found.Session.Gate.Wait(0, CancellationToken.None);
            else
                found.Session.CacheKey = query.CacheKey ?? found.Session.CacheKey;
            var claim = Entered(forks ? Add(query, null) : found.Session, found.Comparison, by);
            return (claim, forks ? found.Session : null);
        }
    }

    private SessionClaim Entered(KeptSession session, TurnComparison comparison, string? by)
    {
        session.Gate.Wait(0, CancellationToken.None);
        return new SessionClaim(this, session, comparison, by);
    }

    /// <summary>Gives a claimed session rows like those of another one, which is entered.</summary>
    private async Task Fork(KeptSession source, SessionClaim claim)
    {
        try
        {
            claim.Session.Adopt(await Task.Run(source.Rows!.Fork).ConfigureAwait(false), source.ReadTurns);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
        finally
        {
            lock (_gate)
                Leave(source);
        }
    }

    private static void Leave(KeptSession session)
    {
        session.Gate.Release();
        if (session.IsGone)
            Free(session);
    }
}
