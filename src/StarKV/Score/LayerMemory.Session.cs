using static TorchSharp.torch;

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

    /// <summary>Everything that is remembered, by layer; borrowed.</summary>
    internal IReadOnlyList<(int Layer, IDisposable State)> Held()
    {
        lock (_gate)
            return [.. _states.Select(s => (s.Key.Layer, s.Value)).OrderBy(s => s.Layer)];
    }

    /// <summary>Makes a state that a file has, in a memory that is not in use.</summary>
    /// <param name="kind">What to make.</param>
    /// <param name="layer">Layer index from 0.</param>
    /// <param name="content">What the file has of it.</param>
    /// <exception cref="StarKvException">It cannot be remembered, or there is one already.</exception>
    internal void Load(LayerStateKind kind, int layer, LayerStateContent content)
    {
        lock (_gate)
        {
            using var counting = Counting();
            // What the state does not keep goes while it is counted.
            using var scope = NewDisposeScope();
            var state = kind.Create();
            try
            {
                state.Load(content);
                content.CheckAllTaken();
                if (!_states.TryAdd((kind.Type, layer), state))
                    throw new StarKvException($"the state {kind.Name} of layer {layer} is there twice.");
            }
            catch
            {
                state.Dispose();
                throw;
            }
        }
    }

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
