using static TorchSharp.torch;

namespace StarKV.Observe;

/// <summary>
/// Tensors that depend on the prompt alone: made at the first layer that asks, shared by the others, freed after the prefill.
/// </summary>
/// <param name="device">The device they live on.</param>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
public sealed class PromptTensors(Device device) : IDisposable
{
    private readonly Dictionary<object, Tensor> _tensors = [];

    /// <summary>
    /// Returns the tensor made for <paramref name="key"/>, borrowed; makes it with <paramref name="make"/> the first time.
    /// </summary>
    /// <param name="key">
    /// A record of the caller that holds all that the tensor depends on apart from the prompt, or the object whose tensor it is.
    /// </param>
    /// <param name="make">Makes it on any device, in a separate dispose scope.</param>
    public Tensor GetOrAdd(object key, Func<Tensor> make)
    {
        if (!_tensors.TryGetValue(key, out var known))
        {
            using var scope = NewDisposeScope();
            _tensors[key] = known = make().to(device).DetachFromDisposeScope();
            MemoryTensors.LeaveOut();
        }

        return known;
    }

    /// <summary>
    /// Room for <paramref name="count"/> float32 numbers, borrowed and not cleared: each layer writes over what the one before it left.
    /// </summary>
    internal Tensor Scratch(string use, long count) =>
        GetOrAdd(new ScratchKey(use, count), () => empty([count], ScalarType.Float32, device));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var known in _tensors.Values)
            known.Dispose();
        _tensors.Clear();
    }

    private sealed record ScratchKey(string Use, long Count);
}
