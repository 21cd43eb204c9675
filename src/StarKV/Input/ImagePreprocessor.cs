namespace StarKV.Input;

/// <summary>Resizes screenshots as a model family's own pipeline does, in one step or two, each rounded to 8 bit.</summary>
/// <param name="First">The first resize: the vision utilities' limits, or the processor's when there is only one step.</param>
/// <param name="Second">The processor's limits, applied to the result of the first step; null (default) for one step.</param>
/// <remarks>
/// The second step changes something only when the first gave fewer pixels than its minimum; then the picture is
/// resampled twice, and the model's answers depend on that.
/// </remarks>
public sealed record ImagePreprocessor(SmartResize First, SmartResize? Second = null)
{
    /// <summary>One step with the limits of the published checkpoints: 3,136 to 12,845,056 pixels.</summary>
    public static ImagePreprocessor Default { get; } = new(SmartResize.Default);

    /// <summary>The two steps of the published evaluations: utilities from 3,136 pixels, processor from 78,400 (100 tokens).</summary>
    public static ImagePreprocessor Evaluation { get; } = new(SmartResize.Default, new SmartResize(MinPixels: 100 * 28 * 28));

    /// <summary>The size in pixels that the model sees of an image of <paramref name="width"/>×<paramref name="height"/>.</summary>
    /// <exception cref="StarKvException">A side is below 1, or one side is more than 200 times the other.</exception>
    public (int Width, int Height) Fit(int width, int height)
    {
        var (w, h) = First.Fit(width, height);
        return Second is { } second ? second.Fit(w, h) : (w, h);
    }

    /// <summary>Resizes <paramref name="screenshot"/>; one that fits already is not copied.</summary>
    /// <param name="screenshot">The screenshot.</param>
    /// <param name="cancellation">Ends the work within a row of pixels.</param>
    /// <exception cref="StarKvException">One side is more than 200 times the other.</exception>
    public ModelImage Prepare(Screenshot screenshot, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(screenshot);
        var rgb = screenshot.Rgb;
        var width = screenshot.Width;
        var height = screenshot.Height;
        Resize(First);
        if (Second is { } second)
            Resize(second);
        return new ModelImage(rgb, width, height, screenshot.Width, screenshot.Height, Second ?? First);

        void Resize(SmartResize limits)
        {
            var (w, h) = limits.Fit(width, height);
            rgb = BicubicResampler.Resize(rgb, width, height, w, h, cancellation: cancellation);
            (width, height) = (w, h);
        }
    }
}
