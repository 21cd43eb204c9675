using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Tasks;

internal enum Side { Left, Right, Above, Below }

/// <summary>Which elements are next to which in a list, bar or grid.</summary>
internal static class Sides
{
    public static IReadOnlyList<Side> All { get; } = [Side.Left, Side.Right, Side.Above, Side.Below];

    public static string Words(Side side) => side switch
    {
        Side.Left => "left of",
        Side.Right => "right of",
        Side.Above => "above",
        _ => "below",
    };

    /// <summary>The nearest element on a side that shares at least half of the breadth; null when there is none.</summary>
    public static Element? Nearest(Element from, IEnumerable<Element> group, Side side) => group
        .Where(e => e.Id != from.Id && Gap(from.Box, e.Box, side) >= 0 && Shares(from.Box, e.Box, side))
        .MinBy(e => Gap(from.Box, e.Box, side));

    private static int Gap(Box from, Box to, Side side) => side switch
    {
        Side.Left => from.X - to.Right,
        Side.Right => to.X - from.Right,
        Side.Above => from.Y - to.Bottom,
        _ => to.Y - from.Bottom,
    };

    private static bool Shares(Box a, Box b, Side side) => side is Side.Left or Side.Right
        ? 2 * (Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Y, b.Y)) >= Math.Min(a.Height, b.Height)
        : 2 * (Math.Min(a.Right, b.Right) - Math.Max(a.X, b.X)) >= Math.Min(a.Width, b.Width);
}
