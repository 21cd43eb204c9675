using StarKV.Input;

namespace StarKV.Reports.Overlays;

/// <summary>One screenshot of an overlay, with what was kept of it and what is marked on it.</summary>
/// <param name="Screenshot">The original picture.</param>
/// <param name="Grid">Its cells as the model saw them.</param>
/// <param name="KeptShares">
/// For each cell, row by row, the share of layers that kept it, 0–1; <see cref="PatchGrid.Tokens"/> numbers.
/// </param>
public sealed record OverlayFrame(Screenshot Screenshot, PatchGrid Grid, IReadOnlyList<float> KeptShares)
{
    /// <summary>
    /// Points the model chose, in pixels of <see cref="Screenshot"/>; default none. A point outside is drawn at the edge.
    /// </summary>
    public IReadOnlyList<(double X, double Y)> Targets { get; init; } = [];

    /// <summary>Where the right answer lies, in pixels of <see cref="Screenshot"/>; null (default) when unknown.</summary>
    public PixelBox? KnownBox { get; init; }

    /// <summary>A line above the picture, such as <c>frame 1 of 3 (oldest)</c>; null (default) for none.</summary>
    public string? Caption { get; init; }

    internal void Check()
    {
        if (Grid.Rows < 1 || Grid.Columns < 1)
            throw new StarKvException($"The overlay of screenshot '{Screenshot.Name}' has a grid without cells.");
        if (KeptShares.Count != Grid.Tokens)
            throw new StarKvException(
                $"The overlay of screenshot '{Screenshot.Name}' needs {Grid.Tokens} shares " +
                    $"({Grid.Rows}×{Grid.Columns} cells), not {KeptShares.Count}.");
    }

    /// <summary>The share of a cell, with anything that is no number counted as dropped.</summary>
    internal float Share(int row, int column)
    {
        var share = KeptShares[row * Grid.Columns + column];
        return share > 0 ? Math.Min(share, 1) : 0;
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Screenshot.Name}, {Grid.Rows}×{Grid.Columns} cells, targets {ListText.Of(Targets)}";
}
