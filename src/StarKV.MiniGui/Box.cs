namespace StarKV.MiniGui;

/// <summary>A rectangle of whole pixels, from the left and top of the screen; right and bottom are exclusive.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct Box(int X, int Y, int Width, int Height)
{
    /// <value>The first column right of the box.</value>
    public int Right => X + Width;

    /// <value>The first row below the box.</value>
    public int Bottom => Y + Height;

    /// <value>Pixels inside.</value>
    public int Area => Width * Height;

    /// <value>The pixel in the middle, rounded down: what a click answer names.</value>
    public (int X, int Y) Center => (X + Width / 2, Y + Height / 2);

    /// <summary>True when the pixel is inside.</summary>
    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    /// <summary>True when the whole of the other box is inside.</summary>
    public bool Contains(Box other) => other.X >= X && other.Y >= Y && other.Right <= Right && other.Bottom <= Bottom;

    /// <summary>Pixels that are in both.</summary>
    public int Overlap(Box other) =>
        Math.Max(0, Math.Min(Right, other.Right) - Math.Max(X, other.X))
            * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y));

    /// <summary>The box with every edge moved outwards, or inwards for negative numbers.</summary>
    public Box Grown(int horizontal, int vertical) => new(X - horizontal, Y - vertical, Width + 2 * horizontal, Height + 2 * vertical);

    /// <summary>The box moved to the right and down.</summary>
    public Box Moved(int dx, int dy) => this with { X = X + dx, Y = Y + dy };

    /// <summary>The smallest box around both; an empty one does not count.</summary>
    public Box Union(Box other)
    {
        if (Area == 0)
            return other;
        if (other.Area == 0)
            return this;
        var (x, y) = (Math.Min(X, other.X), Math.Min(Y, other.Y));
        return new(x, y, Math.Max(Right, other.Right) - x, Math.Max(Bottom, other.Bottom) - y);
    }
}
