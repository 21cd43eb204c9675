using StarKV.Input;
using StarKV.Text;

namespace StarKV.Act;

/// <summary>
/// Maps between the numbers a model writes, relative points, and pixels of the screen. Values are never clamped unless said.
/// </summary>
public sealed class CoordinateMapper
{
    private CoordinateMapper(int screenWidth, int screenHeight, double modelWidth, double modelHeight) =>
        (ScreenWidth, ScreenHeight, ModelWidth, ModelHeight) = (screenWidth, screenHeight, modelWidth, modelHeight);

    /// <summary>Width of the original screenshot in pixels.</summary>
    public int ScreenWidth { get; }

    /// <summary>Height of the original screenshot in pixels.</summary>
    public int ScreenHeight { get; }

    /// <summary>The model's number for the right edge: the resized width in pixels, 1000 or 999.</summary>
    public double ModelWidth { get; }

    /// <summary>The model's number for the bottom edge: the resized height in pixels, 1000 or 999.</summary>
    public double ModelHeight { get; }

    /// <summary>The mapper of a model whose numbers are pixels of the resized image.</summary>
    /// <param name="screenWidth">Width of the original screenshot in pixels.</param>
    /// <param name="screenHeight">Height of the original screenshot in pixels.</param>
    /// <param name="limits">How the screenshot was resized; default <see cref="SmartResize.Default"/>.</param>
    /// <exception cref="StarKvException">A side is below 1 px, or one side is more than 200 times the other.</exception>
    public static CoordinateMapper ForModelPixels(int screenWidth, int screenHeight, SmartResize? limits = null)
    {
        var (width, height) = (limits ?? SmartResize.Default).Fit(screenWidth, screenHeight);
        return new(screenWidth, screenHeight, width, height);
    }

    /// <summary>The mapper of a model whose numbers are thousandths of width and height.</summary>
    /// <param name="screenWidth">Width of the original screenshot in pixels.</param>
    /// <param name="screenHeight">Height of the original screenshot in pixels.</param>
    /// <exception cref="StarKvException">A side is below 1 px.</exception>
    public static CoordinateMapper ForThousandths(int screenWidth, int screenHeight) => ForScale(screenWidth, screenHeight, 1000);

    private static CoordinateMapper ForScale(int screenWidth, int screenHeight, double full)
    {
        if (screenWidth < 1 || screenHeight < 1)
            throw new StarKvException($"The screen is {screenWidth}×{screenHeight} px; both sides must be at least 1 px.");
        return new(screenWidth, screenHeight, full, full);
    }

    /// <summary>The mapper of <paramref name="convention"/>; see the two factories for units and errors.</summary>
    public static CoordinateMapper For(CoordinateConvention convention, int screenWidth, int screenHeight, SmartResize? limits = null) =>
        convention switch
        {
            CoordinateConvention.Thousandths => ForThousandths(screenWidth, screenHeight),
            CoordinateConvention.UpTo999 => ForScale(screenWidth, screenHeight, 999),
            _ => ForModelPixels(screenWidth, screenHeight, limits),
        };

    /// <summary>The relative point of the model's numbers.</summary>
    public ScreenPoint FromModel(double x, double y) => new(x / ModelWidth, y / ModelHeight);

    /// <summary>The model's numbers for a relative point, not rounded.</summary>
    public (double X, double Y) ToModel(ScreenPoint point) => (point.X * ModelWidth, point.Y * ModelHeight);

    /// <summary>The relative point of a position on the screen in pixels.</summary>
    public ScreenPoint FromScreen(double x, double y) => new(x / ScreenWidth, y / ScreenHeight);

    /// <summary>The position on the screen in pixels, not rounded and not clamped.</summary>
    public (double X, double Y) ToScreen(ScreenPoint point) => (point.X * ScreenWidth, point.Y * ScreenHeight);

    /// <summary>The pixel to act on: rounded half up, and moved to the nearest edge when the point is off the screen.</summary>
    public (int X, int Y) ToScreenPixel(ScreenPoint point) => (Pixel(point.X, ScreenWidth), Pixel(point.Y, ScreenHeight));

    private static int Pixel(double share, int size) => (int)Math.Clamp(Math.Floor(share * size + 0.5), 0, size - 1);
}
