namespace StarKV.Input;

/// <summary>
/// The patches of one image as the vision tower sees it. Four neighbouring patches (2×2) merge into one cell, and a cell is
/// one image token. Cells are counted row by row from the top left.
/// </summary>
/// <param name="Height">Patches from top to bottom; even.</param>
/// <param name="Width">Patches from left to right; even.</param>
public readonly record struct PatchGrid(int Height, int Width)
{
    /// <summary>Side of a patch: 14 px of the resized image.</summary>
    public const int PatchSize = 14;

    /// <summary>Patches merged along each side: 2.</summary>
    public const int MergeSize = 2;

    /// <summary>Side of a merged cell: 28 px of the resized image.</summary>
    public const int CellSize = PatchSize * MergeSize;

    /// <summary>Merged cells from top to bottom.</summary>
    public int Rows => Height / MergeSize;

    /// <summary>Merged cells from left to right.</summary>
    public int Columns => Width / MergeSize;

    /// <summary>Image tokens, one per cell: rows × columns.</summary>
    public int Tokens => Rows * Columns;

    /// <summary>Patches: height × width, four times <see cref="Tokens"/>.</summary>
    public int Patches => Height * Width;

    /// <summary>The grid of an image resized to <paramref name="width"/>×<paramref name="height"/> pixels.</summary>
    /// <exception cref="StarKvException">A side is not a positive multiple of 28.</exception>
    public static PatchGrid FromSize(int width, int height) =>
        width < 1 || height < 1 || width % CellSize != 0 || height % CellSize != 0
            ? throw new StarKvException(
                $"A resized image of {width}×{height} px cannot be cut into cells; both sides must be multiples of {CellSize} px.")
            : new PatchGrid(height / PatchSize, width / PatchSize);

    /// <summary>The rectangle of cell (<paramref name="row"/>, <paramref name="column"/>) in the resized image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cell.</exception>
    public PixelBox CellBox(int row, int column) => CellBox(row, column, Columns * CellSize, Rows * CellSize);

    /// <summary>The rectangle of a cell in the image scaled to any size, such as the original.</summary>
    /// <param name="row">Cell row, 0 to <see cref="Rows"/> − 1.</param>
    /// <param name="column">Cell column, 0 to <see cref="Columns"/> − 1.</param>
    /// <param name="imageWidth">Width of that image in pixels.</param>
    /// <param name="imageHeight">Height of that image in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cell.</exception>
    public PixelBox CellBox(int row, int column, int imageWidth, int imageHeight)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
        var (w, h) = ((double)imageWidth, (double)imageHeight);
        return new PixelBox(column * w / Columns, row * h / Rows, (column + 1) * w / Columns, (row + 1) * h / Rows);
    }

    /// <summary>The cell that holds a point of the image scaled to any size; points outside go to the nearest cell.</summary>
    /// <param name="x">From the left, in pixels of that image.</param>
    /// <param name="y">From the top, in pixels of that image.</param>
    /// <param name="imageWidth">Width of that image in pixels.</param>
    /// <param name="imageHeight">Height of that image in pixels.</param>
    public (int Row, int Column) CellAt(double x, double y, int imageWidth, int imageHeight) =>
        (Math.Clamp((int)Math.Floor(y * Rows / imageHeight), 0, Rows - 1),
            Math.Clamp((int)Math.Floor(x * Columns / imageWidth), 0, Columns - 1));
}
