using System.Globalization;
using System.Text.RegularExpressions;
using SkiaSharp;
using StarKV.Evaluation.Benchmarks;
using StarKV.Input;
using StarKV.Report;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>The last screenshot of a failed task, small, with the target's box and the answer's points.</summary>
internal static partial class FailurePicture
{
    /// <summary>Longest side in pixels.</summary>
    private const int Side = 400;

    /// <summary>Draws a PNG picture as a data URI.</summary>
    /// <param name="task">The task, whose screenshots are opened again.</param>
    /// <param name="action">The answer's action in one line, in pixels of the screenshot; null for none.</param>
    /// <exception cref="StarKvException">The screenshots cannot be had any more.</exception>
    public static string Of(EvalTask task, string? action)
    {
        var screen = task.Open().Screens[^1];
        // One cell that is kept whole: the screenshot as it is.
        var frame = new OverlayFrame(screen, new PatchGrid(PatchGrid.MergeSize, PatchGrid.MergeSize), [1])
        {
            KnownBox = task.Target?.Invoke(screen),
            Targets = Points(action),
        };
        var scale = Math.Min(1, (float)Side / Math.Max(screen.Width, screen.Height));
        var place = SKRect.Create(MathF.Round(screen.Width * scale), MathF.Round(screen.Height * scale));
        using var surface =
            SKSurface.Create(new SKImageInfo((int)place.Width, (int)place.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var image = OverlayPixels.Paint(frame))
            surface.Canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        OverlayMarks.DrawMarks(surface.Canvas, frame, place);
        using var drawn = surface.Snapshot();
        using var png = drawn.Encode(SKEncodedImageFormat.Png, 100);
        return $"data:image/png;base64,{Convert.ToBase64String(png.Span)}";
    }

    /// <summary>The points in <c>drag (1,2) → (3,4)</c>; what is typed may hold brackets too, so quoted text is left out.</summary>
    internal static IReadOnlyList<(double X, double Y)> Points(string? action) => action is null ? [] :
        [.. Point().Matches(Quoted().Replace(action, "")).Select(m => (Number(m.Groups[1]), Number(m.Groups[2])))];

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\((-?[0-9]+),(-?[0-9]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Point();

    [GeneratedRegex("\".*\"", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();
}
