namespace StarKV.Score;

/// <summary>What a memory held of the layers that a reading has asked for, so that it can be put back. It serves one reading.</summary>
internal sealed class MemoryUndo
{
    // Null: there was nothing.
    private readonly Dictionary<(Type Type, int Layer), IDisposable?> _before = [];

    /// <summary>Notes what there is in a place, the first time that the place is asked for.</summary>
    /// <param name="place">The state's type and layer.</param>
    /// <param name="state">The state that may now change; null when there is none yet.</param>
    public void Note((Type Type, int Layer) place, IDisposable? state)
    {
        if (_before.ContainsKey(place))
            return;
        if (state is null)
            _before[place] = null;
        else if (state is ILayerState known)
            _before[place] = known.Copy();
    }

    /// <summary>Puts everything back, and frees what has come in its place.</summary>
    public void PutBack(Dictionary<(Type Type, int Layer), IDisposable> states)
    {
        foreach (var (place, before) in _before)
        {
            if (states.Remove(place, out var now))
                now.Dispose();
            if (before is not null)
                states[place] = before;
        }
    }

    /// <summary>Frees what was noted.</summary>
    public void Forget()
    {
        foreach (var before in _before.Values)
            before?.Dispose();
    }
}
