using System.Diagnostics.CodeAnalysis;
using StarKV.Files;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models.Qwen25Vl;

/// <summary>
/// What <c>config.json</c> says of a model of the Qwen2.5-VL class: Qwen2.5-VL and UI-TARS-1.5 in either published form, OpenCUA.
/// </summary>
/// <param name="Text">The text decoder.</param>
/// <param name="Vision">The vision tower.</param>
/// <param name="Family">What the model shares with its family.</param>
[Experimental("STARKV001")]
public sealed record Qwen25VlConfig(TextConfig Text, VisionConfig Vision, ModelFamily Family) : ModelConfig(Text, Family)
{
    /// <summary>Reads the fields of this architecture.</summary>
    /// <exception cref="StarKvException">They describe a model that cannot be run.</exception>
    internal static ModelConfig Read(JsonFields root, ModelFamily family)
    {
        var vision = root.Object("vision_config") ?? throw root.Error("there is no vision_config; the model has no vision tower.");
        var config = new Qwen25VlConfig(TextConfig.Read(root, family), VisionConfig.Read(vision), family);
        return config.Vision.OutHiddenSize == config.Text.HiddenSize ? config : throw root.Error(
            $"the vision tower's out_hidden_size {config.Vision.OutHiddenSize} must equal the text hidden_size {config.Text.HiddenSize}.");
    }

    /// <inheritdoc/>
    public override IVisionLanguageModel Create(PreprocessorConfig pixels, Compute compute, IWeightSource weights) =>
        new Qwen25VlModel(this, pixels, compute, weights);

    /// <inheritdoc/>
    public override long VisionNumbers
    {
        get
        {
            long w = Vision.HiddenSize, mlp = VisionBlock.MlpWidth(Vision), merged = w * Vision.SpatialMergeSize * Vision.SpatialMergeSize;
            var block = 2 * w + 3 * w * (w + 1) + w * (w + 1) + 2 * mlp * (w + 1) + w * (mlp + 1);
            return w * PatchNumbers + Vision.Depth * block + w + merged * (merged + 1) + Vision.OutHiddenSize * (merged + 1);
        }
    }

    /// <inheritdoc/>
    public override long EncodingBytes(PatchGrid size, int count, int numberBytes)
    {
        // Residual stream and its norm, heads, attention and its output, the MLP's gate, up and product, its norm and output;
        // the patches in float32 and as the model takes them.
        var stream = 9L * Vision.HiddenSize + 3L * VisionBlock.MlpWidth(Vision);
        var patch = numberBytes * stream + PatchNumbers * (sizeof(float) + numberBytes);
        return size.Patches * patch * count;
    }

    /// <inheritdoc/>
    public override long FeatureBytes(PatchGrid size, int numberBytes) => (long)size.Tokens * Vision.OutHiddenSize * numberBytes;

    private long PatchNumbers => (long)Vision.InChannels * Vision.TemporalPatchSize * Vision.PatchSize * Vision.PatchSize;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"text {{ {Text} }}, vision {{ {Vision} }}, end tokens {ListText.Of(EosTokenIds)}";
}
