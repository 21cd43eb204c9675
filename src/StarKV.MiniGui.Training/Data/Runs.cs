using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Data;

/// <summary>Tokens behind one another that attend to one another, in the B · L rows of a batch.</summary>
/// <param name="Bounds">First row of every prefix, block and padding, and the end, [runs + 1], int32.</param>
/// <param name="Longest">Tokens of the longest.</param>
/// <param name="Blocks">Rows of all blocks' tokens, which attend to their pack's prefix as well; none where every pack is one sequence.</param>
/// <param name="BlockBounds">Where each pack's begin among them, and the end, [B + 1], int32.</param>
/// <param name="LongestBlocks">The most of a pack.</param>
/// <param name="Prefix">Rows of all prefixes' tokens.</param>
/// <param name="PrefixBounds">Where each pack's begin among them, and the end, [B + 1], int32.</param>
/// <param name="LongestPrefix">The most of a pack.</param>
internal sealed record Runs(Tensor Bounds, int Longest, Tensor Blocks, Tensor BlockBounds, int LongestBlocks, Tensor Prefix, Tensor PrefixBounds, int LongestPrefix);
