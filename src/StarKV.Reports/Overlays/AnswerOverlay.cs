using StarKV.Input;

namespace StarKV.Reports.Overlays;

/// <summary>The picture of an answer: every screenshot with its kept cells bright, the target marked, the numbers below.</summary>
public static class AnswerOverlay
{
    /// <summary>Draws the picture.</summary>
    /// <param name="screens">The screenshots that were asked about, oldest first.</param>
    /// <param name="instruction">What was asked.</param>
    /// <param name="options">How it was answered.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="knownBox">Where the right answer lies on the last screenshot, in its pixels; null when unknown.</param>
    public static Overlay Render(
        IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions options, GroundingAnswer answer, PixelBox? knownBox = null)
    {
        ArgumentNullException.ThrowIfNull(screens);
        ArgumentNullException.ThrowIfNull(instruction);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(answer);
        var last = screens.Count - 1;
        var frames = screens.Select((screen, i) => new OverlayFrame(screen, answer.Grids[i], answer.Kept.Frames[i])
        {
            Targets = i == last && answer.Point is { } point ? [(point.X, point.Y)] : [],
            KnownBox = i == last ? knownBox : null,
            Caption = screens.Count == 1 ? null : $"frame {i + 1} of {screens.Count}{(i == 0 ? " (oldest)" : i == last ? " (now)" : "")}",
        });
        return Overlay.Render([.. frames], new OverlayLegend(
            $"{options.Compression}", (long)Math.Round(answer.Kv.KeptTokens), answer.Kv.PromptTokens, answer.Kv.Bytes, answer.Kv.FullBytes,
            instruction, answer.Text));
    }
}
