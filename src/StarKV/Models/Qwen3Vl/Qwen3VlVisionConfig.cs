using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using StarKV.Files;

namespace StarKV.Models.Qwen3Vl;

/// <summary>Sizes of the vision tower; the defaults are those of the 8B model.</summary>
/// <remarks>Source: <c>vision_config</c> of <c>config.json</c>.</remarks>
[Experimental("STARKV001")]
public sealed record Qwen3VlVisionConfig
{
    private const int Colours = 3, SupportedPatch = 16, SupportedMerge = 2, MaxEntries = 1 << 20;

    /// <value>Number of blocks; default 27.</value>
    public int Depth { get; init; } = 27;

    /// <value>Width of the residual stream; default 1,152.</value>
    public int HiddenSize { get; init; } = 1152;

    /// <value>Number of attention heads; default 16. The head size is a multiple of 4.</value>
    public int Heads { get; init; } = 16;

    /// <value>Width of the MLP; default 4,304.</value>
    public int IntermediateSize { get; init; } = 4304;

    /// <value>Colour channels; 3, no other number is supported.</value>
    public int InChannels { get; init; } = Colours;

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
        if ((PatchSize, SpatialMergeSize, InChannels) != (SupportedPatch, SupportedMerge, Colours))
        {
            throw vision.Error(
                $"patch_size {PatchSize}, spatial_merge_size {SpatialMergeSize} and in_channels {InChannels} are not supported; " +
                    $"only {SupportedPatch}, {SupportedMerge} and {Colours} are.");
        }

        // Half of a head turns with the row, half with the column, each in pairs.
        if (HiddenSize % Heads != 0 || HeadDim % 4 != 0)
            throw vision.Error($"vision hidden_size {HiddenSize} must be a multiple of num_heads {Heads} with a head size divisible by 4.");
        if (!DeepstackBlocks.SequenceEqual(DeepstackBlocks.Distinct().Order()))
            throw vision.Error($"deepstack_visual_indexes is {ListText.Of(DeepstackBlocks)}; the blocks must be ascending.");
        if (DeepstackBlocks.FirstOrDefault(block => block >= Depth, -1) is >= 0 and var outside)
            throw vision.Error($"deepstack_visual_indexes names block {outside}, but depth is {Depth}, so the last block is {Depth - 1}.");
        if (vision.Text("hidden_act") is { } act and not "gelu_pytorch_tanh")
            throw vision.Error($"the vision hidden_act is {MessageText.Name(act)}; only gelu_pytorch_tanh is supported.");
        if (vision.Object("rope_parameters")?.Text("rope_type") is { } type and not ("axial" or "default"))
            throw vision.Error($"the vision rotary type is {MessageText.Name(type)}; only axial is supported.");
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{ListText.Count(Depth, "block")} of {HiddenSize}, {ListText.Count(Heads, "head")} of {HeadDim}, " +
            $"{PositionSide}×{PositionSide} positions, features of {ListText.Of(DeepstackBlocks)}";
}
