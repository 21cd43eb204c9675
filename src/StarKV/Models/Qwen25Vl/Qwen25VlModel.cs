using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models.Qwen25Vl;

/// <summary>A Qwen2.5-VL-class model (Qwen2.5-VL, UI-TARS-1.5): vision tower and text decoder on one device.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
public sealed class Qwen25VlModel : IDisposable
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

    /// <summary>The model's sizes and special tokens.</summary>
    public Qwen25VlConfig Config { get; }

    /// <summary>How screenshots are resized and normalised.</summary>
    public PreprocessorConfig Pixels { get; }

    /// <summary>The device and number type.</summary>
    public Compute Compute { get; }

    /// <summary>The vision tower.</summary>
    public VisionTower Vision { get; }

    /// <summary>The text decoder.</summary>
    public TextDecoder Text { get; }

    /// <summary>Loads a folder in Hugging Face form: config.json, safetensors, and if present the preprocessor's configuration.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="compute">Device and number type.</param>
    /// <param name="progress">Told of every tensor; may be null.</param>
    /// <param name="cancellation">Ends the loading within one tensor, and frees what was loaded.</param>
    /// <exception cref="StarKvException">A file is missing, damaged or not of this kind of model, or holds weights that this kind has no use for.</exception>
    public static Qwen25VlModel Load(string folder, Compute compute, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
    {
        // The folder is opened first: it says best what is missing.
        using var checkpoint = CheckpointFolder.Open(folder);
        var config = Qwen25VlConfig.Load(folder);
        using var weights = new CheckpointWeights(checkpoint, compute, progress, cancellation);
        var model = new Qwen25VlModel(config, PreprocessorConfig.Load(folder), compute, weights);
        try
        {
            weights.CheckUnused();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Vision.Dispose();
        Text.Dispose();
    }
}
