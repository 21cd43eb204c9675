using System.Diagnostics.CodeAnalysis;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>
/// Weights drawn on the device, for timing a shape whose checkpoint is not available: speed does not depend on their values.
/// </summary>
/// <param name="compute">The device and number type.</param>
/// <param name="seed">The seed of the generator.</param>
/// <remarks>
/// Matrices are normal with deviation 0.02; one-dimensional norm weights
/// are one, biases zero. Not thread-safe: the generator is the process's.
/// </remarks>
[Experimental("STARKV001")]
public sealed class RandomWeights(Compute compute, long seed) : IWeightSource
{
    private bool _seeded;

    /// <inheritdoc/>
    public Tensor Take(long[] shape, params string[] names)
    {
        if (!_seeded)
        {
            manual_seed(seed);
            _seeded = true;
        }

        using var scope = NewDisposeScope();
        var weight = shape.Length > 1 ? empty(shape, compute.DType, compute.Device).normal_(0, 0.02)
            : names[0].EndsWith(".bias", StringComparison.Ordinal) ? zeros(shape, compute.DType, compute.Device)
            : ones(shape, compute.DType, compute.Device);
        return weight.DetachFromDisposeScope();
    }
}
