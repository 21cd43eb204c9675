using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>Where a screenshot's patches are, and the rotary angles of a vision tower that follow from it.</summary>
[Experimental("STARKV001")]
public static class PatchPlaces
{
    /// <summary>Row and column of every patch, [cells · merge²] each: cells in the given order, a cell's patches row by row.</summary>
    /// <param name="cells">Numbers of cells, row by row in the grid, [cells], int64.</param>
    /// <param name="gridColumns">Cells from left to right.</param>
    /// <param name="merge">Patches along each side of a cell.</param>
    public static (Tensor Rows, Tensor Columns) Of(Tensor cells, int gridColumns, int merge)
    {
        var cell = cells.unsqueeze(1);
        var inner = arange(merge * merge, ScalarType.Int64, cells.device).unsqueeze(0);
        var rows = cell.div(gridColumns, RoundingMode.floor) * merge + inner.div(merge, RoundingMode.floor);
        var columns = cell.remainder(gridColumns) * merge + inner.remainder(merge);
        return (rows.flatten(), columns.flatten());
    }

    /// <summary>Angles of patches, [N, d], float32: half of a head's channel pairs turn with the row, half with the column.</summary>
    /// <param name="rows">Row of each patch, [N].</param>
    /// <param name="columns">Column of each patch, [N].</param>
    /// <param name="headDim">Head dimension d, a multiple of 4.</param>
    /// <param name="theta">Base of the frequencies.</param>
    internal static RotaryAngles Angles(Tensor rows, Tensor columns, int headDim, double theta)
    {
        var frequencies = RotaryFrequencies.Of(theta, headDim / 2);
        var angles = cat([outer(rows.to(ScalarType.Float32), frequencies), outer(columns.to(ScalarType.Float32), frequencies)], 1);
        return new RotaryAngles(cat([angles.cos(), angles.cos()], 1), cat([-angles.sin(), angles.sin()], 1));
    }
}
