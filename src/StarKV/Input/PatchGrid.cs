namespace StarKV.Input;

/// <summary>
/// The patches of one image as the vision tower sees it. Neighbouring patches (2×2 in the published models) merge into one cell, and a
/// cell is one image token. Cells are counted row by row from the top left.
/// </summary>
/// <param name="Height">Patches from top to bottom; a multiple of <paramref name="MergeSize"/>.</param>
/// <param name="Width">Patches from left to right; a multiple of <paramref name="MergeSize"/>.</param>
/// <param name="PatchSize">Side of a patch in pixels of the resized image; default 14.</param>
/// <param name="MergeSize">Patches merged along each side; default 2.</param>
public readonly record struct PatchGrid(
    int Height, int Width, int PatchSize = PatchGrid.DefaultPatchSize, int MergeSize = PatchGrid.DefaultMergeSize)
{
    /// <summary>The patches of Qwen2.5-VL, in pixels.</summary>
    internal const int DefaultPatchSize = 14;

    /// <summary>The patches per side of a cell in the published models.</summary>
    internal const int DefaultMergeSize = 2;

    /// <summary>Side of a merged cell in pixels of the resized image.</summary>
    public int CellSize => PatchSize * MergeSize;

    /// <summary>Merged cells from top to bottom.</summary>
    public int Rows => Height / MergeSize;

    /// <summary>Merged cells from left to right.</summary>
    public int Columns => Width / MergeSize;

    /// <summary>Image tokens, one per cell: rows × columns.</summary>
    public int Tokens => Rows * Columns;

    /// <summary>Patches: height × width.</summary>
    public int Patches => Height * Width;

    /// <summary>The grid of a resized image.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="patchSize">Side of a patch in pixels; default 14.</param>
    /// <param name="mergeSize">Patches merged along each side; default 2.</param>
    /// <exception cref="StarKvException">A side is not a positive multiple of the cells' side.</exception>
    public static PatchGrid FromSize(int width, int height, int patchSize = DefaultPatchSize, int mergeSize = DefaultMergeSize)
    {
        var cell = patchSize * mergeSize;
        return width < 1 || height < 1 || width % cell != 0 || height % cell != 0
            ? throw new StarKvException(
                $"A resized image of {width}×{height} px cannot be cut into cells; both sides must be multiples of {cell} px.")
            : new PatchGrid(height / patchSize, width / patchSize, patchSize, mergeSize);
    }

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
