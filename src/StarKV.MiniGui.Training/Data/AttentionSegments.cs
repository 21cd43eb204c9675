using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Data;

/// <summary>
/// Segments of consecutive tokens that attend to one another, in the B · L rows of a batch: prefixes, blocks and padding.
/// </summary>
/// <param name="Bounds">First row of every segment, then the total B · L, [segments + 1], int32.</param>
/// <param name="Longest">Tokens of the longest segment.</param>
/// <param name="Blocks">
/// Rows of all blocks' tokens, which attend to their pack's prefix as well; empty where every pack is one sequence.
/// </param>
/// <param name="BlockBounds">Offsets into <paramref name="Blocks"/> at which each pack starts, then the total, [B + 1], int32.</param>
/// <param name="LongestBlocks">Block tokens of the pack that has the most.</param>
/// <param name="Prefix">Rows of all prefixes' tokens.</param>
/// <param name="PrefixBounds">Offsets into <paramref name="Prefix"/> at which each pack starts, then the total, [B + 1], int32.</param>
/// <param name="LongestPrefix">Prefix tokens of the pack that has the most.</param>
internal sealed record AttentionSegments(
    Tensor Bounds,
    int Longest,
    Tensor Blocks,
    Tensor BlockBounds,
    int LongestBlocks,
    Tensor Prefix,
    Tensor PrefixBounds,
    int LongestPrefix);
