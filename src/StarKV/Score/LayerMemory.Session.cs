namespace StarKV.Score;

/// <content>What a session does with its memory between steps: copies it, and tells it which tokens have left.</content>
public sealed partial class LayerMemory
{
    /// <summary>
    /// Another memory that holds what this one does, and shares nothing with it; state that is no <see cref="ILayerState"/> is left out.
    /// </summary>
    internal LayerMemory Copy()
    {
        lock (_gate)
        {
            var copy = new LayerMemory();
            using var counting = copy.Counting();
            foreach (var (place, state) in _states)
            {
                if (state is ILayerState known)
                    copy._states[place] = known.Copy();
            }

            return copy;
        }
    }

    /// <summary>What is remembered, for who saves and restores a memory that nobody uses meanwhile.</summary>
    internal IDictionary<(Type Type, int Layer), IDisposable> States => _states;

    /// <summary>Says that tokens [<paramref name="start"/>, <paramref name="end"/>) have left the session's sequence.</summary>
    internal void Forget(int start, int end)
    {
        lock (_gate)
        {
            using var counting = Counting();
            foreach (var state in _states.Values.OfType<ILayerState>())
                state.Forget(start, end);
        }
    }
}
