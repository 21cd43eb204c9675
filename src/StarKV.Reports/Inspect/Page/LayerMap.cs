using SkiaSharp;
using StarKV.Input;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>A small map of one layer: one pixel for each cell, the screenshots side by side, the target outlined.</summary>
internal static class LayerMap
{
    /// <summary>Draws a map.</summary>
    /// <param name="inspection">The prompt and the target.</param>
    /// <param name="label">What is seen, in words.</param>
    /// <param name="layer">The layer, written below.</param>
    /// <param name="number">A number written next to it.</param>
    /// <param name="colour">The colour of each prompt token.</param>
    public static Html Of(Inspection inspection, string label, int layer, string number, Func<int, SKColor> colour)
    {
        var (frames, width, pictures) = (inspection.Prompt.Frames, 0, new List<Html>());
        foreach (var frame in frames)
        {
            var image = CellImage.Of(frame.Rows, frame.Columns, cell => colour(frame.Start + cell));
            pictures.Add(Html.Of($"""<image class="cells" x="{width}" width="{frame.Columns}" height="{frame.Rows}" href="{image}"/>"""));
            width += frame.Columns + 1;
        }

        return Html.Of($"""
            <figure><svg viewBox="0 0 {width - 1} {frames.Max(f => f.Rows)}" role="img" aria-label="{label}">{pictures}
            {ScreenPicture.Box(InCells(inspection, width - 1))}</svg>
            <figcaption>layer {layer} <span>{number}</span></figcaption></figure>
            """);
    }

    /// <summary>The target in cells of the last screenshot, which ends at <paramref name="right"/>.</summary>
    private static PixelBox? InCells(Inspection inspection, int right)
    {
        if (inspection.Target is not { } box)
            return null;
        var (frame, screen) = (inspection.Prompt.Frames[^1], inspection.Screens[^1]);
        var (sx, sy, left) = ((double)frame.Columns / screen.Width, (double)frame.Rows / screen.Height, right - frame.Columns);
        return new PixelBox(left + box.Left * sx, box.Top * sy, left + box.Right * sx, box.Bottom * sy);
    }
}
