using System.Diagnostics.CodeAnalysis;

namespace StarKV.Weights;

/// <summary>
/// The blocks of an FP8 weight that have a scale each, as <c>weight_block_size</c> says; the last ones of a weight may be smaller.
/// </summary>
/// <param name="Rows">Rows of a block, at least 1; published files have 128.</param>
/// <param name="Columns">Columns of a block, at least 1; published files have 128.</param>
/// <remarks>
/// The scale of <c>q_proj.weight</c> is <c>q_proj.weight_scale_inv</c>. In spite of its name a stored value is multiplied by it.
/// </remarks>
[Experimental("STARKV001")]
public readonly record struct ScaleBlock(int Rows, int Columns)
{
    /// <summary>The shape of the scales of a weight with this many rows and columns.</summary>
    internal long[] Grid(long rows, long columns) => [(rows + Rows - 1) / Rows, (columns + Columns - 1) / Columns];
}
