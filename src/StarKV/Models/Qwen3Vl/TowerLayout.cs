using StarKV.Input;
using StarKV.Models.Layers;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen3Vl;

/// <summary>What the vision tower needs to know of one patch grid, on the device: positions, rotary angles, runs.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
internal sealed class TowerLayout : IDisposable
{
    /// <summary>Works it out; the layout owns its tensors.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="config">Sizes of the tower.</param>
    /// <param name="device">Where the tensors lie.</param>
    public TowerLayout(PatchGrid grid, Qwen3VlVisionConfig config, Device device)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = PatchPlaces.Of(arange(grid.Tokens, ScalarType.Int64), grid.Columns, config.SpatialMergeSize);
        var positions = PositionGrid.Of(rows, columns, grid.Height, grid.Width, config.PositionSide);
        var angles = PatchPlaces.Angles(rows, columns, config.HeadDim, config.RopeTheta);
        Positions = new PositionGrid(positions.Entries.to(device), positions.Weights.to(device));
        Angles = new RotaryAngles(angles.Cos.to(device), angles.Sin.to(device));
        Whole = new VisionRuns([(0, 1, grid.Patches)], device);
        // Only now: of a layout that could not be made, for lack of memory, nothing may stay.
        foreach (var held in Held)
            held.DetachFromDisposeScope();
    }

    /// <summary>Where the table of positions is read, in the patches' order.</summary>
    public PositionGrid Positions { get; }

    /// <summary>Rotary angles of the patches, [N, d], float32.</summary>
    public RotaryAngles Angles { get; }

    /// <summary>The screenshot as one run: every patch attends to every patch.</summary>
    public VisionRuns Whole { get; }

    /// <summary>Tensors held.</summary>
    public int Tensors => Held.Length + Whole.Tensors;

    private Tensor[] Held => [Positions.Entries, Positions.Weights, Angles.Cos, Angles.Sin];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var held in Held)
            held.Dispose();
        Whole.Dispose();
    }
}
