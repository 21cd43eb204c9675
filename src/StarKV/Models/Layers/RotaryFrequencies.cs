using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>The angle per position of each rotary channel pair.</summary>
/// <remarks>Source: RoFormer, arXiv 2104.09864, section 3.2.2.</remarks>
[Experimental("STARKV001")]
public static class RotaryFrequencies
{
    /// <summary>theta^(−2i / d) for i below d / 2, [d / 2], float32.</summary>
    public static Tensor Of(double theta, int dimension) =>
        pow(theta, arange(0, dimension, 2, ScalarType.Float32) / dimension).reciprocal();
}
