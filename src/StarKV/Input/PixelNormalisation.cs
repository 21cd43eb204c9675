using System.Diagnostics.CodeAnalysis;

namespace StarKV.Input;

/// <summary>How 8-bit pixels become the model's numbers: (pixel / 255 − mean) / std, per channel, float32.</summary>
/// <remarks>Source: the constants of OpenAI's CLIP, which all supported checkpoints carry in <c>preprocessor_config.json</c>.</remarks>
[Experimental("STARKV001")]
public static class PixelNormalisation
{
    /// <summary>Mean of red, green and blue, on the scale 0–1.</summary>
    public static ReadOnlySpan<float> Mean => [0.48145466f, 0.4578275f, 0.40821073f];

    /// <summary>Standard deviation of red, green and blue, on the scale 0–1.</summary>
    public static ReadOnlySpan<float> Std => [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>The model's number for one pixel value.</summary>
    /// <param name="pixel">0–255.</param>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    public static float Apply(byte pixel, int channel) => (pixel / 255f - Mean[channel]) / Std[channel];
}
