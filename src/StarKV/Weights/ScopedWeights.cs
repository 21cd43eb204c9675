using TorchSharp;
using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>
/// Weights that belong to a dispose scope until a model has all of them: when
/// a later one cannot be had, those before it are freed with the scope.
/// </summary>
/// <param name="weights">Gives the weights.</param>
/// <param name="scope">The open scope.</param>
internal sealed class ScopedWeights(IWeightSource weights, DisposeScope scope) : IWeightSource
{
    /// <inheritdoc/>
    public Tensor Take(long[] shape, params string[] names)
    {
        var weight = weights.Take(shape, names);
        scope.Attach(weight);
        return weight;
    }
}
