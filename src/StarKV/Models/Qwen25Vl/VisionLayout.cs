using StarKV.Input;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>What the vision tower needs to know of one patch grid: orders, window groups and rotary angles, on the device.</summary>
internal sealed class VisionLayout : IDisposable
{
    public VisionLayout(WindowPlan plan, PatchGrid grid, VisionConfig config, double theta, Device device)
    {
        using var scope = NewDisposeScope();
        var (merge, cell) = (config.SpatialMergeSize, config.SpatialMergeSize * config.SpatialMergeSize);
        var order = tensor(plan.Order.Select(i => (long)i).ToArray());
        Order = order.to(device).DetachFromDisposeScope();
        Inverse = order.argsort().to(device).DetachFromDisposeScope();
        OneGroup = tensor(new long[,] { { 0, 1, (long)order.shape[0] * cell } }).DetachFromDisposeScope();
        var groups = new long[plan.Groups.Count, 3];
        for (var i = 0; i < plan.Groups.Count; i++)
            (groups[i, 0], groups[i, 1], groups[i, 2]) = (plan.Groups[i].Start * cell, plan.Groups[i].Windows, plan.Groups[i].Cells * cell);
        WindowGroups = tensor(groups).DetachFromDisposeScope();

        // Patch positions in the order of the rows: cells in window order, the merge group's patches inside.
        var cells = order.unsqueeze(1);
        var inner = arange(cell, ScalarType.Int64).unsqueeze(0);
        var rows = ((cells / grid.Columns).floor() * merge + (inner / merge).floor()).flatten();
        var columns = (cells.remainder(grid.Columns) * merge + inner.remainder(merge)).flatten();
        var headDim = config.HiddenSize / config.Heads;
        var frequencies = pow(theta, arange(0, headDim / 2, 2, ScalarType.Float32) / (headDim / 2)).reciprocal();
        var angles = cat([outer(rows.to(ScalarType.Float32), frequencies), outer(columns.to(ScalarType.Float32), frequencies)], 1);
        var twice = cat([angles, angles], 1).unsqueeze(1).to(device);
        Cos = twice.cos().DetachFromDisposeScope();
        Sin = twice.sin().DetachFromDisposeScope();
    }

    /// <summary>Merged cells in window order, and the way back; [cells].</summary>
    public Tensor Order { get; }

    /// <inheritdoc cref="Order"/>
    public Tensor Inverse { get; }

    /// <summary>Runs of equal windows, [runs, 3] on the CPU: first row, windows, rows a window, in patches.</summary>
    public Tensor WindowGroups { get; }

    /// <summary>The whole screenshot as one window.</summary>
    public Tensor OneGroup { get; }

    /// <summary>Rotary cosines and sines in window order, [N, 1, d], float32.</summary>
    public Tensor Cos { get; }

    /// <inheritdoc cref="Cos"/>
    public Tensor Sin { get; }

    public void Dispose()
    {
        foreach (var t in new[] { Order, Inverse, WindowGroups, OneGroup, Cos, Sin })
            t.Dispose();
    }
}
