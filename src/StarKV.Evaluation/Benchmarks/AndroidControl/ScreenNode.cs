using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>A node of the accessibility tree with its box in pixels of the screen.</summary>
/// <param name="Left"><c>x_min</c>.</param>
/// <param name="Top"><c>y_min</c>.</param>
/// <param name="Right"><c>x_max</c>.</param>
/// <param name="Bottom"><c>y_max</c>.</param>
/// <param name="Text">Its text; empty for none.</param>
/// <param name="Description">Its content description; empty for none.</param>
internal sealed record ScreenNode(double Left, double Top, double Right, double Bottom, string Text = "", string Description = "")
{
    /// <value>What the node says: text and description.</value>
    public string Label => $"{Text} {Description}".Trim();

    /// <summary>Its box.</summary>
    public PixelBox Box => new(Left, Top, Right, Bottom);

    /// <summary>True when the pixel is inside or on an edge.</summary>
    /// <param name="x">Pixel from the left.</param>
    /// <param name="y">Pixel from the top.</param>
    /// <param name="margin">Pixels by which the box grows on all sides.</param>
    public bool Contains(double x, double y, double margin = 0) =>
        x >= Left - margin && x <= Right + margin && y >= Top - margin && y <= Bottom + margin;

    /// <summary>The smallest node that contains a pixel, edges included; the first one of equal area. Null for none.</summary>
    public static ScreenNode? At(IEnumerable<ScreenNode> tree, double x, double y) =>
        tree.Where(n => n.Contains(x, y)).MinBy(n => (n.Right - n.Left) * (n.Bottom - n.Top));
}
