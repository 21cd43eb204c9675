using StarKV.Act;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>The sizes by which a profile reads and scores points.</summary>
/// <param name="Width">Width of the screen in pixels.</param>
/// <param name="Height">Its height.</param>
/// <param name="ModelWidth">What the model's x is divided by.</param>
/// <param name="ModelHeight">What its y is divided by.</param>
internal sealed record PhoneScreen(int Width, int Height, int ModelWidth, int ModelHeight)
{
    private const double WidestKept = 1200, HighestKept = 2600;

    /// <summary>The sizes for a screenshot.</summary>
    /// <remarks>
    /// STaR-KV's program reads and scores large screens by the size of a
    /// shrunk copy, though the model sees the original; kept in its profile.
    /// </remarks>
    public static PhoneScreen Of(Profile profile, CoordinateMapper seen)
    {
        var (width, height) = (seen.ScreenWidth, seen.ScreenHeight);
        if (profile is not Profile.StarKv || (width <= WidestKept && height <= HighestKept))
            return new(width, height, (int)seen.ModelWidth, (int)seen.ModelHeight);
        var ratio = Math.Min(WidestKept / width, HighestKept / height);
        var (shrunkWidth, shrunkHeight) = ((int)(width * ratio), (int)(height * ratio));
        var (modelWidth, modelHeight) = SmartResize.Default.Fit(shrunkWidth, shrunkHeight);
        return new(shrunkWidth, shrunkHeight, modelWidth, modelHeight);
    }

    /// <summary>A relative point in pixels of the screen.</summary>
    public (double X, double Y) Pixel(ScreenPoint point) => (point.X * Width, point.Y * Height);
}
