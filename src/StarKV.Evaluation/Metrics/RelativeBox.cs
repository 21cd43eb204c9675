using StarKV.Act;
using StarKV.Input;

namespace StarKV.Evaluation.Metrics;

/// <summary>
/// A box in shares of the screenshot's size, as the published benchmarks compare points with it: in doubles, all four edges inside.
/// </summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Bottom edge.</param>
public readonly record struct RelativeBox(double Left, double Top, double Right, double Bottom)
{
    /// <summary>A box given by its corner and its size in the same unit as the screenshot's.</summary>
    public static RelativeBox OfSize(double x, double y, double width, double height, double screenWidth, double screenHeight) =>
        new(x / screenWidth, y / screenHeight, (x + width) / screenWidth, (y + height) / screenHeight);

    /// <summary>The box in pixels of a screenshot.</summary>
    public PixelBox On(Screenshot screen) => new(Left * screen.Width, Top * screen.Height, Right * screen.Width, Bottom * screen.Height);

    /// <summary>True when the point is inside or on an edge.</summary>
    public bool Contains(ScreenPoint point) => point.X >= Left && point.X <= Right && point.Y >= Top && point.Y <= Bottom;
}
