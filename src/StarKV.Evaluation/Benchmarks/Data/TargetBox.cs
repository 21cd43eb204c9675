namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>Whether a row's box is one that an answer can hit.</summary>
internal static class TargetBox
{
    /// <summary>True when a box has an area of which a part is in a picture. All in one unit; without a size for every picture.</summary>
    public static bool IsIn(
        double left,
        double top,
        double right,
        double bottom,
        double width = double.PositiveInfinity,
        double height = double.PositiveInfinity) =>
        right > left && bottom > top && left < width && top < height && right > 0 && bottom > 0;
}
