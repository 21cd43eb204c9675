using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>A part of a page that is shown as one picture; all in pixels of the page.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height, less than 1,000 only where the page ends.</param>
/// <param name="Targets">The target's boxes that count here, in pixels of the block; none where it is not shown whole.</param>
internal sealed record PageBlock(int Left, int Top, int Width, int Height, IReadOnlyList<WebBox> Targets);

/// <summary>How UGround's program cuts a page: the left 1,280 pixels, in blocks of 1,000 that begin 800 below one another.</summary>
/// <remarks>
/// Known deviation: where a block of the target's own begins is drawn at random there, and it is only as wide as the target;
/// here it has the target in its middle and the width of the others.
/// </remarks>
internal static class PageBlocks
{
    private const int Widest = 1280, High = 1000, Overlap = 200, Step = High - Overlap, Margin = 15;

    /// <summary>
    /// The blocks of a page from the top. A target that none of them shows
    /// whole gets a separate block; a page without a target is its first block.
    /// </summary>
    /// <param name="width">Width of the page in pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="boxes">The target on the page; may be empty.</param>
    /// <exception cref="StarKvException">No box is on the page.</exception>
    public static IReadOnlyList<PageBlock> Of(int width, int height, IReadOnlyList<WebBox> boxes)
    {
        var wide = Math.Min(width, Widest);
        if (boxes.Count == 0)
            return [new(0, 0, wide, Math.Min(High, height), [])];
        if (!boxes.Any(b => b.IsIn(width, height)))
            throw new StarKvException($"its bbox lies outside of the page of {width}×{height} pixels.");
        // A page of 1,000 pixels has a second block: its lower 200.
        List<PageBlock> blocks =
        [
            .. Enumerable.Range(0, (height - Overlap) / Step + 1)
                .Select(i => Block(0, i * Step, wide, Math.Min(High, height - i * Step), boxes)),
        ];
        if (blocks.TrueForAll(b => b.Targets.Count == 0))
        {
            var own = Own(width, height, wide, boxes);
            blocks.Insert(blocks.FindLastIndex(b => b.Top <= own.Top) + 1, own);
        }

        return blocks;
    }

    /// <summary>Cuts one block out of its page.</summary>
    public static Screenshot Cut(Screenshot page, PageBlock block, int number)
    {
        var rgb = new byte[3 * block.Width * block.Height];
        for (var row = 0; row < block.Height; row++)
            page.Rgb.AsSpan(3 * ((block.Top + row) * page.Width + block.Left), 3 * block.Width).CopyTo(rgb.AsSpan(3 * row * block.Width));
        return Screenshot.FromRgb(rgb, block.Width, block.Height, $"{page.Name}, block {number}");
    }

    private static PageBlock Block(int left, int top, int width, int height, IReadOnlyList<WebBox> boxes) =>
        new(left, top, width, height, [.. boxes.Select(b => b with { X = b.X - left, Y = b.Y - top }).Where(b => IsWhole(b, width))]);

    // The last block counts as 1,000 high too: nothing is below it.
    private static bool IsWhole(WebBox box, int width) =>
        box.X >= 0 && box.X < width && box.X + box.Width <= width && box.Y >= 0 && box.Y < High && box.Y + box.Height <= High;

    private static PageBlock Own(int width, int height, int wide, IReadOnlyList<WebBox> boxes)
    {
        var top = boxes.Min(b => b.Y);
        var bottom = boxes.Max(b => b.Y + b.Height);
        var right = boxes.Max(b => b.X + b.Width);
        var high = Math.Min(High, height);
        var y = Math.Clamp((int)(bottom - top < High ? (top + bottom - High) / 2 : top), 0, height - high);
        var x = right > wide ? Math.Clamp((int)Math.Ceiling(right) + Margin - wide, 0, width - wide) : 0;
        var own = Block(x, y, wide, high, boxes);
        // What is larger than a block, or partly off the page, counts as far as it is shown.
        return own.Targets.Count > 0 ? own
            : own with { Targets = [.. boxes.Select(b => b with { X = b.X - x, Y = b.Y - y }).Where(b => b.IsIn(wide, high))] };
    }
}
