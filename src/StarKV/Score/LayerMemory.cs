using StarKV.Observe;

namespace StarKV.Score;

/// <summary>
/// What a method remembers between the prefills of one session, layer by layer. The session owns it; without one it lives for one prefill.
/// </summary>
/// <remarks>
/// An answer counts once its prompt has been read: one that is cancelled or fails before leaves the memory as it was.
/// Thread-safe: it may be reset and disposed at any time, also while an answer uses it, and one answer at a time may use it.
/// </remarks>
public sealed partial class LayerMemory : IDisposable
{
    private readonly Dictionary<(Type Type, int Layer), IDisposable> _states = [];
    private readonly Lock _gate = new();
    private MemoryUndo? _undo;
    private int _users, _thread;
    private bool _failed, _resetAsked, _ofOneAnswer;

    /// <summary>A memory that whoever makes it disposes before the answer ends: nothing in it is left on purpose.</summary>
    internal static LayerMemory OfOneAnswer() => new() { _ofOneAnswer = true };

    /// <summary>Begins a piece of work that may change what the memory holds; it ends on the thread on which it began.</summary>
    internal IDisposable? Counting() => _ofOneAnswer ? null : MemoryTensors.Begin();

    /// <summary>The state of type <typeparamref name="T"/> for a layer, made empty at first use.</summary>
    /// <typeparam name="T">
    /// The state; an <see cref="ILayerState"/> is put back when an answer ends before its prompt has been read.
    /// </typeparam>
    /// <param name="layer">Layer index from 0.</param>
    public T For<T>(int layer) where T : class, IDisposable, new()
    {
        lock (_gate)
        {
            var known = _states.GetValueOrDefault((typeof(T), layer));
            _undo?.Note((typeof(T), layer), known);
            if (known is null)
                _states[(typeof(T), layer)] = known = new T();
            return (T)known;
        }
    }

    /// <summary>
    /// Forgets everything, as the released programs do before every sample. While a
    /// prompt is read with it, that happens as soon as the prompt has been read.
    /// </summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (_users > 0 && _thread != Environment.CurrentManagedThreadId)
                _resetAsked = true;
            else
                Clear();
        }
    }

    /// <summary>Forgets everything, see <see cref="Reset"/>.</summary>
    public void Dispose() => Reset();

    /// <summary>Begins the reading of a prompt with this memory.</summary>
    /// <exception cref="StarKvException">Another thread reads a prompt with it.</exception>
    internal MemoryUse Use()
    {
        lock (_gate)
        {
            if (_users > 0 && _thread != Environment.CurrentManagedThreadId)
                throw new StarKvException(
                    "This LayerMemory is in use by another answer. It belongs to "
                        + "one session of one agent: give each session its own memory.");
            _users++;
            _thread = Environment.CurrentManagedThreadId;
            _undo ??= new MemoryUndo();
            return new MemoryUse(this);
        }
    }

    /// <summary>Ends a reading.</summary>
    /// <param name="completed">Whether the prompt was read to its end; otherwise everything is as it was before.</param>
    internal void Release(bool completed)
    {
        lock (_gate)
        {
            using var counting = Counting();
            _failed |= !completed;
            if (--_users > 0)
                return;
            if (_failed)
                _undo!.PutBack(_states);
            else
                _undo!.Forget();
            _undo = null;
            if (_resetAsked)
                Clear();
            (_failed, _resetAsked) = (false, false);
        }
    }

    private void Clear()
    {
        using var counting = Counting();
        foreach (var (place, state) in _states)
        {
            _undo?.Note(place, state);
            state.Dispose();
        }

        _states.Clear();
    }
}
