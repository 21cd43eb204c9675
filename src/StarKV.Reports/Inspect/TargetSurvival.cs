using StarKV.Account;
using StarKV.Input;
using StarKV.Score.Wrappers;
using StarKV.Text;

namespace StarKV.Reports.Inspect;

/// <summary>How much of the target a cache still holds: the share of its cells, the mean over the heads.</summary>
/// <param name="Layers">Share for each layer, 0–1.</param>
public sealed record TargetSurvival(IReadOnlyList<double> Layers)
{
    /// <summary>The mean over the layers.</summary>
    public double Mean => Layers.Average();

    /// <summary>The layer that holds least.</summary>
    public double Least => Layers.Min();

    /// <summary>Counts the cells.</summary>
    /// <param name="kept">What the cache holds.</param>
    /// <param name="cells">Prompt tokens of the target's cells, at least one.</param>
    public static TargetSurvival Of(KeptTokens kept, IReadOnlyList<int> cells) =>
        new([.. Enumerable.Range(0, kept.Layers).Select(layer => kept.Count(layer, cells) / cells.Count)]);

    /// <summary>The prompt tokens of the cells that a box on the last screenshot touches.</summary>
    /// <param name="prompt">The prompt, with a screenshot.</param>
    /// <param name="screen">The last screenshot.</param>
    /// <param name="box">The box in its pixels.</param>
    /// <exception cref="StarKvException">The box is empty or not on the screenshot.</exception>
    public static IReadOnlyList<int> Cells(TokenMap prompt, Screenshot screen, PixelBox box) => Cells(prompt, Share(screen, box));

    /// <summary>The prompt tokens of the cells that a region of the last screenshot touches.</summary>
    internal static IReadOnlyList<int> Cells(TokenMap prompt, ScreenRegion region)
    {
        var frame = prompt.Frames[^1];
        return [.. region.Cells(frame.Rows, frame.Columns).Select(cell => frame.Start + cell)];
    }

    /// <summary>The box in shares of the screenshot's sides.</summary>
    /// <exception cref="StarKvException">The box is empty or not on the screenshot.</exception>
    internal static ScreenRegion Share(Screenshot screen, PixelBox box)
    {
        if (!(box.Left >= 0 && box.Top >= 0 && box.Right <= screen.Width && box.Bottom <= screen.Height && box.Width > 0 && box.Height > 0))
            throw new StarKvException(
                $"the box {box.Left},{box.Top},{box.Width},{box.Height} must lie on screenshot '{screen.Name}' of " +
                    $"{screen.Width}×{screen.Height} px and not be empty; it is x,y,width,height in pixels.");
        return new ScreenRegion(box.Left / screen.Width, box.Top / screen.Height, box.Right / screen.Width, box.Bottom / screen.Height);
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Mean:0.###} of the target kept, {Least:0.###} in the layer that keeps least of it");
}
