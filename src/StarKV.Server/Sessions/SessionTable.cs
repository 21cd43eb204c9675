using System.Security.Cryptography;
using StarKV.Server.Errors;
using StarKV.Server.Turns;

namespace StarKV.Server.Sessions;

/// <summary>The conversations that the server remembers, and which of them a request goes on with.</summary>
/// <remarks>Thread-safe. It never reads or writes an answer, and waits for nobody but the step of a session that is named.</remarks>
/// <param name="limits">How many, and for how long.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionTable(SessionLimits limits, TimeProvider time) : IDisposable
{
    private readonly List<KeptSession> _sessions = [];
    private readonly Lock _gate = new();

    /// <summary>Sessions that were forgotten for want of room, or because nobody used them.</summary>
    public long Evicted { get; private set; }

    /// <summary>Bytes of the screenshots that sessions remember.</summary>
    public long InputBytes
    {
        get
        {
            lock (_gate)
                return _sessions.Sum(s => s.InputBytes);
        }
    }

    /// <summary>Sessions without a step under way, and with one.</summary>
    public (int Idle, int Running) Count()
    {
        lock (_gate)
        {
            var idle = _sessions.Count(s => s.IsIdle);
            return (idle, _sessions.Count - idle);
        }
    }

    /// <summary>All sessions of a key, the one that was used last first.</summary>
    public IReadOnlyList<KeptSession> Of(string scope)
    {
        lock (_gate)
            return [.. _sessions.Where(s => s.Scope == scope).OrderByDescending(s => s.LastUsed)];
    }

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

    /// <summary>Takes a session out; its rows are freed when its step has ended. False where there is none.</summary>
    public bool Remove(string scope, string id)
    {
        lock (_gate)
        {
            if (_sessions.FirstOrDefault(s => s.Scope == scope && (s.Id == id || s.Name == id)) is not { } session)
                return false;
            Forget(session);
            return true;
        }
    }

    /// <summary>Forgets sessions that nobody used for long, and those that there is no room for.</summary>
    public void SweepNow()
    {
        lock (_gate)
            Sweep();
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

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var session in _sessions.ToList())
                Forget(session);
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

    private KeptSession Add(SessionQuery query, string? name)
    {
        var session = new KeptSession($"sess_{RandomNumberGenerator.GetHexString(24, lowercase: true)}", query.Scope, query.Settings)
        {
            Name = name,
            CacheKey = query.CacheKey,
            LastUsed = time.GetUtcNow(),
        };
        _sessions.Add(session);
        return session;
    }

    /// <summary>Lets go of what was read for clients that left a while ago.</summary>
    private void ForgetLeft()
    {
        var now = time.GetUtcNow();
        foreach (var session in _sessions.Where(s => s.IsIdle && s.Left?.IsOver(now) == true))
            session.ForgetLeft();
    }

    private void Sweep()
    {
        ForgetLeft();
        var idle = new Queue<KeptSession>(_sessions.Where(s => s.IsIdle && s.Waiting == 0).OrderBy(s => s.LastUsed));
        var oldest = time.GetUtcNow() - limits.Idle;
        var bytes = _sessions.Sum(s => s.InputBytes);
        while (idle.TryDequeue(out var session)
            && (session.LastUsed < oldest || _sessions.Count > limits.Sessions || bytes > limits.InputBytes))
        {
            bytes -= session.InputBytes;
            Evicted++;
            Forget(session);
        }
    }

    private void Forget(KeptSession session)
    {
        _sessions.Remove(session);
        session.IsGone = true;
        if (session.IsIdle)
            Free(session);
    }

    /// <summary>What is left of a session that is gone: responses may still name it.</summary>
    private static void Free(KeptSession session)
    {
        session.Hide();
        Free(session.Rows);
    }

    /// <summary>Freeing waits for the engine's piece of work, and nobody waits for it.</summary>
    private static void Free(ConversationSession? rows)
    {
        if (rows is not null)
            _ = Task.Run(rows.Dispose);
    }
}
