namespace StarKV.Input;

/// <summary>A rectangle in pixels; edges may fall between pixels. Right and bottom are exclusive.</summary>
/// <param name="Left">Left edge, from the left side of the image.</param>
/// <param name="Top">Top edge, from the top of the image.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Bottom edge.</param>
public readonly record struct PixelBox(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Width in pixels.</summary>
    public double Width => Right - Left;

    /// <summary>Height in pixels.</summary>
    public double Height => Bottom - Top;

    /// <summary>True when a click at this pixel is inside; the right and the bottom edge are outside.</summary>
    public bool Contains((int X, int Y) pixel) => pixel.X >= Left && pixel.X < Right && pixel.Y >= Top && pixel.Y < Bottom;
}
