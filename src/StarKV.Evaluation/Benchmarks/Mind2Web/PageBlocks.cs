using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>How UGround's version cuts a page: blocks as wide as the page, 1,000 pixels high, each beginning 800 below the one before.</summary>
/// <remarks>The last block is as high as what is left; a target belongs to every block that shows all of it.</remarks>
internal static class PageBlocks
{
    private const int High = 1000, Step = 800;

    /// <summary>How many blocks a page of this height has.</summary>
    public static int Count(int height) => height <= High ? 1 : 1 + (height - High + Step - 1) / Step;

    /// <summary>Cuts one block.</summary>
    public static Screenshot Cut(Screenshot page, int block)
    {
        var (top, row) = (block * Step, 3 * page.Width);
        var height = Math.Min(High, page.Height - top);
        return Screenshot.FromRgb(page.Rgb[(top * row)..((top + height) * row)], page.Width, height, $"{page.Name}, block {block}");
    }

    /// <summary>For each block that shows boxes of the page whole, those boxes in pixels of the block.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<WebBox>> Targets(IReadOnlyList<WebBox> boxes) => boxes
        .SelectMany(b => Enumerable.Range(0, Math.Max(0, (int)(b.Y / Step)) + 1).Select(block => (Block: block, Box: b with { Y = b.Y - block * Step })))
        .Where(t => t.Box.Y >= 0 && t.Box.Y + t.Box.Height <= High)
        .GroupBy(t => t.Block, t => t.Box).ToDictionary(g => g.Key, g => (IReadOnlyList<WebBox>)[.. g]);
}
