using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using StarKV.Files;

namespace StarKV.Models.Qwen25Vl;

/// <summary>Sizes of the vision tower; the defaults are those of the 7B model.</summary>
/// <remarks>Source: <c>vision_config</c> of <c>config.json</c>.</remarks>
[Experimental("STARKV001")]
public sealed record VisionConfig
{
    /// <summary>What lies between pixels and tokens is made for these.</summary>
    private const int SupportedPatch = 14, SupportedMerge = 2;

    /// <value>Number of blocks; default 32.</value>
    public int Depth { get; init; } = 32;

    /// <value>Width of the residual stream; default 1,280.</value>
    public int HiddenSize { get; init; } = 1280;

    /// <value>Number of attention heads; default 16. The head size is a multiple of 4.</value>
    public int Heads { get; init; } = 16;

    /// <value>Width of the gated MLP; default 3,420.</value>
    public int IntermediateSize { get; init; } = 3420;

    /// <value>Colour channels; 3, no other number is supported.</value>
    public int InChannels { get; init; } = TowerChecks.Colours;

    /// <value>Side of a patch in pixels; 14, no other is supported.</value>
    public int PatchSize { get; init; } = 14;

    /// <value>Frames per patch; default 2.</value>
    public int TemporalPatchSize { get; init; } = 2;

    /// <value>Patches per side of a merged token; 2, no other number is supported.</value>
    public int SpatialMergeSize { get; init; } = 2;

    /// <value>Side of an attention window in pixels, a multiple of the merged token's side; default 112.</value>
    public int WindowSize { get; init; } = 112;

    /// <value>Blocks that attend to the whole image instead of a window, counted from 0; default 7, 15, 23, 31.</value>
    public ImmutableArray<int> FullAttentionBlocks { get; init; } = [7, 15, 23, 31];

    /// <value>Width of the merged tokens, equal to the text decoder's hidden size; default 3,584.</value>
    public int OutHiddenSize { get; init; } = 3584;

    /// <value>Width of one head: <see cref="HiddenSize"/> / <see cref="Heads"/>.</value>
    public int HeadDim => HiddenSize / Heads;

    internal static VisionConfig Read(JsonFields vision)
    {
        var missing = new VisionConfig();
        var config = new VisionConfig
        {
            Depth = vision.Size("depth", missing.Depth, TextConfig.MaxLayers),
            HiddenSize = vision.Size("hidden_size", missing.HiddenSize, TextConfig.MaxWidth),
            Heads = vision.Size("num_heads", missing.Heads, TextConfig.MaxWidth),
            IntermediateSize = vision.Size("intermediate_size", missing.IntermediateSize, TextConfig.MaxMlpWidth),
            InChannels = vision.Size("in_channels", vision.Size("in_chans", missing.InChannels)),
            PatchSize = vision.Size("patch_size", missing.PatchSize, TextConfig.MaxWidth),
            TemporalPatchSize = vision.Size("temporal_patch_size", missing.TemporalPatchSize, 16),
            SpatialMergeSize = vision.Size("spatial_merge_size", missing.SpatialMergeSize, TextConfig.MaxWidth),
            WindowSize = vision.Size("window_size", missing.WindowSize, TextConfig.MaxWidth),
            FullAttentionBlocks = vision.Wholes("fullatt_block_indexes", 0, int.MaxValue) ?? missing.FullAttentionBlocks,
            OutHiddenSize = vision.Size("out_hidden_size", missing.OutHiddenSize, TextConfig.MaxWidth),
        };
        config.Check(vision);
        return config;
    }

    private void Check(JsonFields vision)
    {
        TowerChecks.Pixels(vision, (PatchSize, SpatialMergeSize, InChannels), (SupportedPatch, SupportedMerge, TowerChecks.Colours));
        TowerChecks.Heads(vision, HiddenSize, Heads);
        if (WindowSize % ((long)PatchSize * SpatialMergeSize) != 0)
            throw vision.Error($"window_size {WindowSize} must be a multiple of patch_size " +
                $"{PatchSize} × spatial_merge_size {SpatialMergeSize}.");
        TowerChecks.Blocks(vision, "fullatt_block_indexes", FullAttentionBlocks, Depth);
        TowerChecks.Activation(vision, "silu");
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{ListText.Count(Depth, "block")} of {HiddenSize}, {ListText.Count(Heads, "head")} of {HeadDim}, " +
            $"full attention in {ListText.Of(FullAttentionBlocks)}";
}
