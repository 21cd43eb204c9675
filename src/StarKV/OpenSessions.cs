using StarKV.Cache;
using StarKV.Models;
using StarKV.Runtime;
using StarKV.Schedule;
using StarKV.Sessions;

namespace StarKV;

/// <summary>The open sessions of an agent, and what they hold between their steps.</summary>
/// <remarks>It belongs on the inference thread, but for <see cref="Close"/> and <see cref="CloseLater"/>.</remarks>
/// <param name="thread">The inference thread.</param>
/// <param name="model">The model.</param>
/// <param name="hostBytes">Most bytes of all sessions' rows in the host's memory.</param>
internal sealed class OpenSessions(InferenceThread thread, IVisionLanguageModel model, long hostBytes) : IHeldMemory
{
    // Used on the inference thread alone; the session that was used last stands last.
    private readonly List<KvSession> _open = [];
    private readonly HashSet<KvSession> _busy = [], _closing = [];
    private long _lastDeviceBytes;

    /// <summary>Tensors that the open sessions hold on purpose.</summary>
    public long Tensors => _open.Select(s => s.Rows?.Cache).OfType<KvCache>().Distinct().Sum(c => c.Tensors)
        + Held.Sum(h => h.Reading.Result.Cache.Tensors + 1)
        + _open.Select(s => s.Rows?.Store).Concat(Held.Select(h => h.Reading.Store))
            .SelectMany(s => s?.Blocks ?? []).Distinct().Count() * 2;

    /// <inheritdoc/>
    public long DeviceBytes => Idle.Select(s => s.Rows).OfType<SessionRows>().DistinctBy(r => r.Cache).Sum(r => r.DeviceBytes)
        + Idle.Sum(s => s.Held?.DeviceBytes ?? 0);

    /// <inheritdoc/>
    public long LastDeviceBytes => Volatile.Read(ref _lastDeviceBytes);

    /// <inheritdoc/>
    public bool Release()
    {
        // What waits for somebody who left goes first.
        if (Idle.FirstOrDefault(s => s.Held is not null) is { } left)
        {
            left.DropHeld();
            Note();
            return true;
        }

        if (Idle.FirstOrDefault(s => s.Rows is { DeviceBytes: > 0 } && (MayOffload(s) || s.CanBeReadAgain)) is not { } session)
            return false;
        var toHost = MayOffload(session);
        if (toHost)
            session.Offload();
        else
            session.Clear();
        EngineTelemetry.Released.Add(1, new KeyValuePair<string, object?>("to", toHost ? "host" : "inputs"));
        Note();
        return true;
    }

    /// <summary>Takes in a session that was saved.</summary>
    public KvSession Open(SavedSession saved)
    {
        var session = new KvSession(model, saved.Options.Storage, saved.Options.HostBytes, saved.Rows, saved.Memory)
        {
            CanBeReadAgain = saved.Turns.All(t => t.Frames.Count == 0),
        };
        return Open(session);
    }

    /// <summary>Takes in a session.</summary>
    public KvSession Open(KvSession session)
    {
        _open.Add(session);
        Note();
        return session;
    }

    /// <summary>A step of a session begins, which is taken in where it is new.</summary>
    public void Begin(KvSession session)
    {
        if (!_open.Contains(session))
            _open.Add(session);
        _busy.Add(session);
        Note();
    }

    /// <summary>Frees what waits for somebody who left, after the work that is under way; not while a step may have found it.</summary>
    public void DropHeldLater(KvSession session) => thread.Post(() =>
    {
        if (!_busy.Contains(session))
            session.DropHeld();
        Note();
    });

    /// <summary>It has ended, one way or the other.</summary>
    public void End(KvSession session)
    {
        _busy.Remove(session);
        if (_closing.Remove(session))
            Free(session);
        if (!_open.Remove(session))
            return;
        _open.Add(session);
        // What was not asked for longest is read again when it is; the session that has just ended comes last.
        while (_open.Sum(s => s.HostBytes) > hostBytes
            && Idle.FirstOrDefault(s => s != session && s.HostBytes > 0 && s.CanBeReadAgain) is { } oldest)
        {
            oldest.Clear();
            EngineTelemetry.Released.Add(1, new KeyValuePair<string, object?>("to", "inputs"));
        }

        Note();
    }

    /// <summary>Frees a session after the work that is under way; nothing where the agent was disposed, and the session with it.</summary>
    public void Close(KvSession session)
    {
        try
        {
            thread.Run(() => Free(session));
        }
        catch (ObjectDisposedException)
        {
            // The agent has freed it.
        }
    }

    /// <summary>Frees a session after the work that is under way, which nobody waits for.</summary>
    public void CloseLater(KvSession session) => thread.Post(() => Free(session));

    /// <summary>Frees a session, once, when its step has ended.</summary>
    public void Free(KvSession session)
    {
        if (_busy.Contains(session))
            _closing.Add(session);
        else if (_open.Remove(session))
            session.Dispose();
        Note();
    }

    /// <summary>Frees all sessions, of which none has a step any more.</summary>
    public void CloseAll()
    {
        foreach (var session in _open.ToList())
            Free(session);
    }

    private void Note() => Volatile.Write(ref _lastDeviceBytes, DeviceBytes);

    private IEnumerable<HeldReading> Held => _open.Select(s => s.Held).OfType<HeldReading>();

    private IEnumerable<KvSession> Idle => _open.Where(s => !_busy.Contains(s));

    /// <summary>On the CPU the host's memory is the device's: nothing is gained there.</summary>
    private bool MayOffload(KvSession session) => model.Compute.IsCuda
        && _open.Sum(s => s.HostBytes) + session.Rows!.DeviceBytes <= hostBytes;
}
