using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using StarKV.Files;

namespace StarKV.Models.Qwen3Vl;

/// <summary>Sizes of the vision tower; the defaults are those of the 8B model.</summary>
/// <remarks>Source: <c>vision_config</c> of <c>config.json</c>.</remarks>
[Experimental("STARKV001")]
public sealed record Qwen3VlVisionConfig
{
    private const int SupportedPatch = 16, SupportedMerge = 2, MaxEntries = 1 << 20;

    /// <value>Number of blocks; default 27.</value>
    public int Depth { get; init; } = 27;

    /// <value>Width of the residual stream; default 1,152.</value>
    public int HiddenSize { get; init; } = 1152;

    /// <value>Number of attention heads; default 16. The head size is a multiple of 4.</value>
    public int Heads { get; init; } = 16;

    /// <value>Width of the MLP; default 4,304.</value>
    public int IntermediateSize { get; init; } = 4304;

    /// <value>Colour channels; 3, no other number is supported.</value>
    public int InChannels { get; init; } = TowerChecks.Colours;

    /// <value>Side of a patch in pixels; 16, no other is supported.</value>
    public int PatchSize { get; init; } = SupportedPatch;

    /// <value>Frames per patch; default 2.</value>
    public int TemporalPatchSize { get; init; } = 2;

    /// <value>Patches per side of a merged token; 2, no other number is supported.</value>
    public int SpatialMergeSize { get; init; } = SupportedMerge;

    /// <value>Rows of the table of positions, a square grid from row to row; default 2,304, 48 × 48.</value>
    public int PositionEntries { get; init; } = 2304;

    /// <value>
    /// Blocks whose output also goes to the text decoder, ascending, counted from 0: that of the first is added after decoder layer 0, and
    /// so on. Default 8, 16, 24.
    /// </value>
    public ImmutableArray<int> DeepstackBlocks { get; init; } = [8, 16, 24];

    /// <value>Width of the merged tokens, equal to the text decoder's hidden size; default 4,096.</value>
    public int OutHiddenSize { get; init; } = 4096;

    /// <value>Base of the rotary frequencies; default 10,000.</value>
    public double RopeTheta { get; init; } = 10_000;

    /// <value>Width of one head: <see cref="HiddenSize"/> / <see cref="Heads"/>.</value>
    public int HeadDim => HiddenSize / Heads;

    /// <value>Entries along each side of the table of positions.</value>
    public int PositionSide => (int)Math.Sqrt(PositionEntries);

    internal static Qwen3VlVisionConfig Read(JsonFields vision)
    {
        var missing = new Qwen3VlVisionConfig();
        var config = new Qwen3VlVisionConfig
        {
            Depth = vision.Size("depth", missing.Depth, TextConfig.MaxLayers),
            HiddenSize = vision.Size("hidden_size", missing.HiddenSize, TextConfig.MaxWidth),
            Heads = vision.Size("num_heads", missing.Heads, TextConfig.MaxWidth),
            IntermediateSize = vision.Size("intermediate_size", missing.IntermediateSize, TextConfig.MaxMlpWidth),
            InChannels = vision.Size("in_channels", missing.InChannels),
            PatchSize = vision.Size("patch_size", missing.PatchSize, TextConfig.MaxWidth),
            TemporalPatchSize = vision.Size("temporal_patch_size", missing.TemporalPatchSize, 16),
            SpatialMergeSize = vision.Size("spatial_merge_size", missing.SpatialMergeSize, TextConfig.MaxWidth),
            PositionEntries = vision.Size("num_position_embeddings", missing.PositionEntries, MaxEntries),
            DeepstackBlocks = vision.Wholes("deepstack_visual_indexes", 0, int.MaxValue) ?? missing.DeepstackBlocks,
            OutHiddenSize = vision.RequiredSize("out_hidden_size", TextConfig.MaxWidth),
            RopeTheta = vision.Object("rope_parameters")?.Number("rope_theta", missing.RopeTheta, 1, 1e12) ?? missing.RopeTheta,
        };
        config.Check(vision);
        return config;
    }

    private void Check(JsonFields vision)
    {
        TowerChecks.Pixels(vision, (PatchSize, SpatialMergeSize, InChannels), (SupportedPatch, SupportedMerge, TowerChecks.Colours));
        TowerChecks.Heads(vision, HiddenSize, Heads);
        if (!DeepstackBlocks.SequenceEqual(DeepstackBlocks.Distinct().Order()))
            throw vision.Error($"deepstack_visual_indexes is {ListText.Of(DeepstackBlocks)}; the blocks must be ascending.");
        TowerChecks.Blocks(vision, "deepstack_visual_indexes", DeepstackBlocks, Depth);
        TowerChecks.Activation(vision, "gelu_pytorch_tanh");
        if (vision.Object("rope_parameters")?.Text("rope_type") is { } type and not ("axial" or "default"))
            throw vision.Error($"the vision rotary type is {MessageText.Name(type)}; only axial is supported.");
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{ListText.Count(Depth, "block")} of {HiddenSize}, {ListText.Count(Heads, "head")} of {HeadDim}, " +
            $"{PositionSide}×{PositionSide} positions, features of {ListText.Of(DeepstackBlocks)}";
}
