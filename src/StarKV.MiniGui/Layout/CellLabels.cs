namespace StarKV.MiniGui.Layout;

/// <summary>What is drawn in each cell of a screen: the truth that a dense loss on vision tokens learns from.</summary>
public static class CellLabels
{
    /// <summary>
    /// For each cell the word or icon that covers most of it, or null for background: where nothing covers a sixteenth
    /// of the cell. What a window in front hides does not count.
    /// </summary>
    /// <param name="screen">The screen.</param>
    /// <param name="cell">Side of a cell in pixels; default 28, one merged vision token.</param>
    /// <returns>Words and icons in reading order, [Height / cell, Width / cell] row-major.</returns>
    public static Mark?[] Of(Screen screen, int cell = 28)
    {
        var (columns, rows) = (screen.Size.Width / cell, screen.Size.Height / cell);
        var marks = new Mark?[columns * rows];
        var max = new int[columns * rows];
        Array.Fill(max, cell * cell / 16 - 1);
        foreach (var mark in screen.Marks())
        {
            var covers = screen.Covers(mark.Layer).ToList();
            for (var y = Math.Max(0, mark.Box.Y / cell); y < rows && y * cell < mark.Box.Bottom; y++)
                for (var x = Math.Max(0, mark.Box.X / cell); x < columns && x * cell < mark.Box.Right; x++)
                {
                    var part = Intersection(mark.Box, new Box(x * cell, y * cell, cell, cell));
                    var seen = part.Area - covers.Sum(part.Overlap);
                    if (seen > max[y * columns + x])
                        (marks[y * columns + x], max[y * columns + x]) = (mark, seen);
                }
        }

        return marks;
    }

    private static Box Intersection(Box a, Box b)
    {
        var (x, y) = (Math.Max(a.X, b.X), Math.Max(a.Y, b.Y));
        return new(x, y, Math.Max(0, Math.Min(a.Right, b.Right) - x), Math.Max(0, Math.Min(a.Bottom, b.Bottom) - y));
    }
}
