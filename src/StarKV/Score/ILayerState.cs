namespace StarKV.Score;

/// <summary>
/// What a method remembers of one layer, in a form that can be put back: when an answer ends before its prompt has been read, a
/// <see cref="LayerMemory"/> returns to what it held before. State that is no <see cref="ILayerState"/> keeps what it was given until then.
/// </summary>
public interface ILayerState : IDisposable
{
    /// <summary>
    /// A copy that shares nothing with this one that may change or be freed; its tensors are outside of every dispose scope.
    /// </summary>
    ILayerState Copy();

    /// <summary>
    /// Says that tokens have left the session's sequence: state that is kept token by token forgets them. Default nothing.
    /// </summary>
    /// <param name="start">The first that left.</param>
    /// <param name="end">The one after the last that left; it and those after it count on from <paramref name="start"/>.</param>
    void Forget(int start, int end)
    {
    }

    /// <summary>
    /// Puts what it remembers into a session's file; its kind is one of <see cref="ICompressionMethod.States"/>. Default false: it cannot
    /// be saved, and a session with it is not.
    /// </summary>
    /// <param name="content">What goes into the file; tensors are borrowed until it is written.</param>
    bool Save(LayerStateContent content) => false;

    /// <summary>Takes what <see cref="Save"/> has put in; called once, on an empty state.</summary>
    /// <param name="content">
    /// What the file has, which may be anything; its tensors are on the model's device and belong to the open dispose scope.
    /// </param>
    /// <exception cref="StarKvException">It is not what can be remembered.</exception>
    void Load(LayerStateContent content) => throw new NotSupportedException($"{GetType().Name} is saved, but has no Load.");
}
