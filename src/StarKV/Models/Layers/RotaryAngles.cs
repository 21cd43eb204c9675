using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>
/// Cosines and sines of token positions, [L, d] each, in the model's type; the sines' first half of the channels is negative.
/// </summary>
[Experimental("STARKV001")]
public readonly record struct RotaryAngles(Tensor Cos, Tensor Sin)
{
    /// <summary>The angles of one row, [1, d]: views that borrow from these.</summary>
    public RotaryAngles Row(long row) => new(Cos.narrow(0, row, 1), Sin.narrow(0, row, 1));
}
