namespace StarKV.MiniGui.Screens;

/// <summary>A strip that is filled from top to bottom.</summary>
internal sealed class Column(Box box)
{
    public int X => box.X;

    public int Width => box.Width;

    public int Right => box.Right;

    /// <summary>The first free row of pixels.</summary>
    public int Y { get; private set; } = box.Y;

    public int Left => box.Bottom - Y;

    /// <summary>Takes a row of this height and the gap after it and returns its top; null when it does not fit.</summary>
    public int? Take(int height, int gap)
    {
        if (Y + height > box.Bottom)
            return null;
        var top = Y;
        Y += height + gap;
        return top;
    }

    public Column Copy() => new(box);
}
