using StarKV.Input;
using StarKV.Models.Layers;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>What the vision tower needs to know of one patch grid: orders, windows and rotary angles, on the device.</summary>
internal sealed class VisionLayout : IDisposable
{
    public VisionLayout(WindowPlan plan, PatchGrid grid, VisionConfig config, double theta, Device device)
    {
        using var scope = NewDisposeScope();
        var cell = config.SpatialMergeSize * config.SpatialMergeSize;
        var order = tensor(plan.Order.Select(i => (long)i).ToArray());
        Order = order.to(device);
        Inverse = order.argsort().to(device);
        var (rows, columns) = PatchPositions(order, grid.Columns, config.SpatialMergeSize);
        // Half of a head's channels turn with the row, half with the column.
        var frequencies = RotaryFrequencies.Of(theta, config.HeadDim / 2);
        var angles = cat([outer(rows.to(ScalarType.Float32), frequencies), outer(columns.to(ScalarType.Float32), frequencies)], 1);
        Cos = cat([angles.cos(), angles.cos()], 1).to(device);
        Sin = cat([-angles.sin(), angles.sin()], 1).to(device);
        Whole = new VisionRuns([(0, 1, grid.Patches)], device);
        Windows = new VisionRuns([.. plan.Groups.Select(g => (g.Start * cell, g.Windows, g.Cells * cell))], device);
        // Only now: of a layout that could not be made, for lack of memory, nothing may stay.
        foreach (var t in new[] { Order, Inverse, Cos, Sin })
            t.DetachFromDisposeScope();
    }

    /// <summary>Tensors held.</summary>
    public int Tensors => 4 + Windows.Tensors + Whole.Tensors;

    /// <summary>Merged cells in window order, and the way back; [cells].</summary>
    public Tensor Order { get; }

    /// <inheritdoc cref="Order"/>
    public Tensor Inverse { get; }

    /// <summary>The windows.</summary>
    public VisionRuns Windows { get; }

    /// <summary>The whole screenshot as one window.</summary>
    public VisionRuns Whole { get; }

    /// <summary>Rotary cosines in window order, [N, d], float32.</summary>
    public Tensor Cos { get; }

    /// <summary>Rotary sines like <see cref="Cos"/>, negative in the first half of the channels.</summary>
    public Tensor Sin { get; }

    /// <summary>Row and column of every patch, [cells · merge²] each: cells in the given order, a cell's patches row by row.</summary>
    public static (Tensor Rows, Tensor Columns) PatchPositions(Tensor cells, int gridColumns, int merge)
    {
        var cell = cells.unsqueeze(1);
        var inner = arange(merge * merge, ScalarType.Int64, cells.device).unsqueeze(0);
        var rows = cell.div(gridColumns, RoundingMode.floor) * merge + inner.div(merge, RoundingMode.floor);
        var columns = cell.remainder(gridColumns) * merge + inner.remainder(merge);
        return (rows.flatten(), columns.flatten());
    }

    public void Dispose()
    {
        foreach (var t in new IDisposable[] { Order, Inverse, Windows, Whole, Cos, Sin })
            t.Dispose();
    }
}
