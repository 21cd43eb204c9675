using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Models.Layers;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>What the vision tower needs to know of one patch grid: orders, windows and rotary angles, on the device.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class VisionLayout : IDisposable
{
    /// <summary>Works it out; the layout owns its tensors.</summary>
    /// <param name="plan">The windows of the grid.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="config">Sizes of the tower.</param>
    /// <param name="theta">Base of the rotary frequencies.</param>
    /// <param name="device">Where the tensors lie.</param>
    public VisionLayout(WindowPlan plan, PatchGrid grid, VisionConfig config, double theta, Device device)
    {
        using var scope = NewDisposeScope();
        var cell = config.SpatialMergeSize * config.SpatialMergeSize;
        var order = tensor(plan.Order.Select(i => (long)i).ToArray());
        Order = order.to(device);
        Inverse = order.argsort().to(device);
        var (rows, columns) = PatchPlaces.Of(order, grid.Columns, config.SpatialMergeSize);
        var angles = PatchPlaces.Angles(rows, columns, config.HeadDim, theta);
        (Cos, Sin) = (angles.Cos.to(device), angles.Sin.to(device));
        Whole = new VisionRuns([(0, 1, grid.Patches)], device);
        Windows = new VisionRuns([.. plan.Groups.Select(g => (g.Start * cell, g.Windows, g.Cells * cell))], device);
        // Only now: of a layout that could not be made, for lack of memory, nothing may stay.
        foreach (var t in new[] { Order, Inverse, Cos, Sin })
            t.DetachFromDisposeScope();
    }

    /// <summary>Tensors held.</summary>
    internal int Tensors => 4 + Windows.Tensors + Whole.Tensors;

    /// <summary>Merged cells in window order, [cells].</summary>
    public Tensor Order { get; }

    /// <summary>The way back from <see cref="Order"/>, [cells].</summary>
    internal Tensor Inverse { get; }

    /// <summary>The windows.</summary>
    public VisionRuns Windows { get; }

    /// <summary>The whole screenshot as one window.</summary>
    public VisionRuns Whole { get; }

    /// <summary>Rotary cosines in window order, [N, d], float32.</summary>
    public Tensor Cos { get; }

    /// <summary>Rotary sines like <see cref="Cos"/>, negative in the first half of the channels.</summary>
    public Tensor Sin { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var t in new IDisposable[] { Order, Inverse, Windows, Whole, Cos, Sin })
            t.Dispose();
    }
}
