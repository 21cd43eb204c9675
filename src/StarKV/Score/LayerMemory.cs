namespace StarKV.Score;

/// <summary>What a method remembers between the prefills of one session, layer by layer. The session owns it; without one it lives for one prefill.</summary>
public sealed class LayerMemory : IDisposable
{
    private readonly Dictionary<(Type, int), IDisposable> _states = [];

    /// <summary>The state of type <typeparamref name="T"/> for a layer, made empty at first use.</summary>
    public T For<T>(int layer) where T : class, IDisposable, new()
    {
        if (!_states.TryGetValue((typeof(T), layer), out var state))
            _states[(typeof(T), layer)] = state = new T();
        return (T)state;
    }

    /// <summary>Forgets everything, as the released programs do before every sample.</summary>
    public void Reset()
    {
        foreach (var state in _states.Values)
            state.Dispose();
        _states.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();
}
