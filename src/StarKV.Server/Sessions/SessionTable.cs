using System.Security.Cryptography;

namespace StarKV.Server.Sessions;

/// <summary>The conversations that the server remembers, and which of them a request goes on with.</summary>
/// <remarks>Thread-safe. It never reads or writes an answer, and waits for nobody but the step of a session that is named.</remarks>
/// <param name="limits">How many, and for how long.</param>
/// <param name="time">The clock.</param>
internal sealed partial class SessionTable(SessionLimits limits, TimeProvider time) : IDisposable
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

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var session in _sessions.ToList())
                Forget(session);
        }
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
        // Those that hold nothing, of requests that were refused, make room before those that do.
        var idle = _sessions.Where(s => s.IsIdle && s.Waiting == 0).OrderByDescending(s => s.IsEmpty).ThenBy(s => s.LastUsed).ToList();
        var oldest = time.GetUtcNow() - limits.Idle;
        var bytes = _sessions.Sum(s => s.InputBytes);
        foreach (var session in idle)
        {
            if (session.LastUsed >= oldest && _sessions.Count <= limits.Sessions && bytes <= limits.InputBytes)
                continue;
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
