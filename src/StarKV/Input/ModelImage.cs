namespace StarKV.Input;

/// <summary>A screenshot resized to what the model sees, still 8-bit: the device normalises it and cuts it into patches.</summary>
public sealed class ModelImage
{
    internal ModelImage(byte[] rgb, int width, int height, int originalWidth, int originalHeight, SmartResize resize)
    {
        (Rgb, Width, Height) = (rgb, width, height);
        (OriginalWidth, OriginalHeight) = (originalWidth, originalHeight);
        Grid = PatchGrid.FromSize(width, height, resize.Factor / resize.MergeSize, resize.MergeSize);
    }

    /// <summary>The resized pixels, <c>[Height, Width, 3]</c> row-major, red green blue, 0–255. Read it; do not write to it.</summary>
    public byte[] Rgb { get; }

    /// <summary>Resized width in pixels, a multiple of a cell's side.</summary>
    public int Width { get; }

    /// <summary>Resized height in pixels, a multiple of a cell's side.</summary>
    public int Height { get; }

    /// <summary>Its patches and cells.</summary>
    public PatchGrid Grid { get; }

    /// <summary>Its size to the user and to the model.</summary>
    internal ShownSize Size => new(Grid, OriginalWidth, OriginalHeight);

    /// <summary>Width of the screenshot in pixels; actions are given in its coordinates.</summary>
    public int OriginalWidth { get; }

    /// <summary>Height of the screenshot in pixels.</summary>
    public int OriginalHeight { get; }
}
