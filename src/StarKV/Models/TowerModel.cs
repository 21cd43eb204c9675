using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models;

/// <summary>A model of a vision tower of its architecture and the text decoder that all of them share, on one device.</summary>
/// <typeparam name="T">The vision tower.</typeparam>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public abstract class TowerModel<T> : IVisionLanguageModel
    where T : class, IVisionEncoder
{
    /// <summary>Makes the text decoder; when it cannot be made, the tower is freed.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="pixels">How screenshots are resized and normalised.</param>
    /// <param name="compute">Device and number type.</param>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="vision">The vision tower; taken.</param>
    private protected TowerModel(ModelConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights, T vision)
    {
        Config = config;
        Pixels = pixels;
        Compute = compute;
        Vision = vision;
        try
        {
            Text = new TextDecoder(config.Text, compute, weights);
        }
        catch
        {
            vision.Dispose();
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
    public T Vision { get; }

    IVisionEncoder IVisionLanguageModel.Vision => Vision;

    /// <inheritdoc/>
    public TextDecoder Text { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Vision.Dispose();
        Text.Dispose();
        GC.SuppressFinalize(this);
    }
}
