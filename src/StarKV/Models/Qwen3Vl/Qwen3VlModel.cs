using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models.Qwen3Vl;

/// <summary>A Qwen3-VL-class model (Qwen3-VL, GUI-Owl-1.5, UI-Venus-1.5): vision tower and text decoder on one device.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class Qwen3VlModel : IVisionLanguageModel
{
    /// <summary>Makes the model from any source of weights; a random one serves to time a shape.</summary>
    public Qwen3VlModel(Qwen3VlConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights)
    {
        Config = config;
        Pixels = pixels;
        Compute = compute;
        Vision = new Qwen3VlTower(config.Vision, pixels, compute, weights);
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
    public Qwen3VlTower Vision { get; }

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
