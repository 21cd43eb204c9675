using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models.Qwen25Vl;

/// <summary>A Qwen2.5-VL-class model (Qwen2.5-VL, UI-TARS-1.5): vision tower and text decoder on one device.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class Qwen25VlModel : IVisionLanguageModel
{
    /// <summary>Makes the model from any source of weights; a random one serves to time a shape.</summary>
    public Qwen25VlModel(Qwen25VlConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights)
    {
        Config = config;
        Pixels = pixels;
        Compute = compute;
        Vision = new VisionTower(config.Vision, pixels, compute, weights);
        try
        {
            Text = new TextDecoder(config.Text, compute, weights);
        }
        catch
        {
            Vision.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public PreprocessorConfig Pixels { get; }

    /// <inheritdoc/>
    public Compute Compute { get; }

    /// <inheritdoc cref="IVisionLanguageModel.Vision"/>
    public VisionTower Vision { get; }

    IVisionEncoder IVisionLanguageModel.Vision => Vision;

    /// <inheritdoc/>
    public TextDecoder Text { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Vision.Dispose();
        Text.Dispose();
    }
}
