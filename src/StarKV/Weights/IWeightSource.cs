using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>Gives a model its weights, one by one, on the device and in the number type it computes with.</summary>
[Experimental("STARKV001")]
public interface IWeightSource
{
    /// <summary>Returns a weight that the caller owns; several names are stacked along the rows into one tensor.</summary>
    /// <param name="shape">The shape that the model expects of the whole.</param>
    /// <param name="names">Canonical names; see <see cref="WeightNames"/>.</param>
    /// <exception cref="StarKvException">A tensor is missing or has another shape.</exception>
    Tensor Take(long[] shape, params string[] names);
}
