using System.Diagnostics.CodeAnalysis;
using StarKV.Files;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models.Qwen3Vl;

/// <summary>
/// What <c>config.json</c> says of a model of the Qwen3-VL class, as published or as transformers 5 writes it: Qwen3-VL, GUI-Owl-1.5,
/// UI-Venus-1.5.
/// </summary>
/// <param name="Text">The text decoder.</param>
/// <param name="Vision">The vision tower.</param>
/// <param name="Family">What the model shares with its family.</param>
[Experimental("STARKV001")]
public sealed record Qwen3VlConfig(TextConfig Text, Qwen3VlVisionConfig Vision, ModelFamily Family) : ModelConfig(Text, Family)
{
    /// <summary>Reads the fields of this architecture.</summary>
    /// <exception cref="StarKvException">They describe a model that cannot be run.</exception>
    internal static ModelConfig Read(JsonFields root, ModelFamily family)
    {
        var vision = root.Object("vision_config") ?? throw root.Error("there is no vision_config; the model has no vision tower.");
        var config = new Qwen3VlConfig(Qwen3VlText.Read(root), Qwen3VlVisionConfig.Read(vision), family);
        var (tower, text) = (config.Vision, config.Text);
        if (tower.OutHiddenSize != text.HiddenSize)
        {
            throw root.Error(
                $"the vision tower's out_hidden_size {tower.OutHiddenSize} must equal the text hidden_size {text.HiddenSize}.");
        }

        return tower.DeepstackBlocks.Length <= text.Layers ? config : throw root.Error(
            $"deepstack_visual_indexes names {tower.DeepstackBlocks.Length} blocks, one for each of the first decoder layers, " +
                $"but num_hidden_layers is {text.Layers}.");
    }

    /// <inheritdoc/>
    public override IVisionLanguageModel Create(PreprocessorConfig pixels, Compute compute, IWeightSource weights) =>
        new Qwen3VlModel(this, pixels, compute, weights);

    /// <inheritdoc/>
    public override long VisionNumbers
    {
        get
        {
            long w = Vision.HiddenSize, mlp = Vision.IntermediateSize, merged = w * Vision.SpatialMergeSize * Vision.SpatialMergeSize;
            var block = 4 * w + 3 * w * (w + 1) + w * (w + 1) + mlp * (w + 1) + w * (mlp + 1);
            var merger = merged * (merged + 1) + Vision.OutHiddenSize * (merged + 1);
            return w * (PatchNumbers + 1) + w * Vision.PositionEntries + Vision.Depth * block
                + 2 * w + merger + Vision.DeepstackBlocks.Length * (2 * merged + merger);
        }
    }

    /// <inheritdoc/>
    public override long EncodingBytes(PatchGrid size, int count, int numberBytes)
    {
        // Residual stream and its norm, heads, attention and its output, the MLP's inner row and its output; the patches in float32 and as
        // the model takes them. The features of the blocks before are counted with those of the screenshots.
        var stream = 8L * Vision.HiddenSize + Vision.IntermediateSize;
        var patch = numberBytes * stream + PatchNumbers * (sizeof(float) + numberBytes);
        return size.Patches * patch * count;
    }

    /// <inheritdoc/>
    public override long FeatureBytes(PatchGrid size, int numberBytes) =>
        (1L + Vision.DeepstackBlocks.Length) * size.Tokens * Vision.OutHiddenSize * numberBytes;

    private long PatchNumbers => (long)Vision.InChannels * Vision.TemporalPatchSize * Vision.PatchSize * Vision.PatchSize;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"text {{ {Text} }}, vision {{ {Vision} }}, end tokens {ListText.Of(EosTokenIds)}";
}
