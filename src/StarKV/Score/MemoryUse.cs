namespace StarKV.Score;

/// <summary>A prompt that is being read with a memory: what is learned from it counts only when it has been read to its end.</summary>
/// <param name="memory">The memory.</param>
internal sealed class MemoryUse(LayerMemory memory) : IDisposable
{
    private bool _completed, _released;

    /// <summary>Says that the prompt has been read.</summary>
    public void Complete() => _completed = true;

    /// <summary>Ends the reading; without <see cref="Complete"/> the memory is as it was before.</summary>
    public void Dispose()
    {
        if (_released)
            return;
        _released = true;
        memory.Release(_completed);
    }
}
