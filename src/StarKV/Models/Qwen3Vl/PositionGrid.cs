using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen3Vl;

/// <summary>
/// How the learned table of positions, a square grid of its own, is stretched over a screenshot's patches: corner on corner, between four
/// entries linearly.
/// </summary>
/// <param name="Entries">
/// Rows of the table for each patch, [4, N], int64: above left, above right, below left, below right.
/// </param>
/// <param name="Weights">What each of them counts, [4, N], float32; each patch's sum is 1.</param>
[Experimental("STARKV001")]
public readonly record struct PositionGrid(Tensor Entries, Tensor Weights)
{
    /// <summary>Works it out, on the CPU; the tensors belong to the open dispose scope.</summary>
    /// <param name="rows">Row of each patch, [N], int64.</param>
    /// <param name="columns">Column of each patch, [N], int64.</param>
    /// <param name="height">Patches from top to bottom.</param>
    /// <param name="width">Patches from left to right.</param>
    /// <param name="side">Entries along each side of the table.</param>
    public static PositionGrid Of(Tensor rows, Tensor columns, int height, int width, int side)
    {
        var ((y, below, dy), (x, right, dx)) = (Along(rows, height, side), Along(columns, width, side));
        return new PositionGrid(
            stack([y * side + x, y * side + right, below * side + x, below * side + right], 0),
            stack([(1 - dy) * (1 - dx), (1 - dy) * dx, dy * (1 - dx), dy * dx], 0));
    }

    /// <summary>Along one side: the entry before each place, the one after it, and how far it is on the way.</summary>
    private static (Tensor Entry, Tensor Next, Tensor Way) Along(Tensor places, int count, int side)
    {
        // One division in float32, as the library does it: an exact one gives weights that differ by a millionth.
        var way = (places * (side - 1)).to(ScalarType.Float32) / Math.Max(1, count - 1);
        var entry = way.floor();
        var first = entry.to(ScalarType.Int64);
        return (first, (first + 1).clamp_max(side - 1), way - entry);
    }
}
