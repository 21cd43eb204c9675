using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Data;

/// <summary>A batch on the device. B packs of L tokens, F frames, T target tokens, A aligned answers; rows count in B · L.</summary>
/// <param name="Pixels">Screenshots, [F, height, width, 3], uint8.</param>
/// <param name="TextIds">Ids of the text tokens, [text].</param>
/// <param name="TextRows">Their rows, [text].</param>
/// <param name="VisionRows">Rows of the vision tokens, [F, cells], cells row by row.</param>
/// <param name="Positions">Time, height and width, [3, B · L].</param>
/// <param name="Segments">0 prefix, from 1 blocks, -1 padding, [B, L].</param>
/// <param name="IsCell">1 for vision tokens, [B, L].</param>
/// <param name="TargetRows">Rows whose logits say the target tokens, [T].</param>
/// <param name="TargetIds">The target tokens, [T].</param>
/// <param name="TargetWeights">What each weighs in the loss, whole numbers, [T].</param>
/// <param name="CellIds">What each cell shows, [F, cells].</param>
/// <param name="AlignPacks">Pack of each aligned answer, [A].</param>
/// <param name="AlignPrompts">Rows of the last prompt tokens, [A, 8].</param>
/// <param name="AlignAnswers">Rows of the answer's tokens, [A, 14 and those of the longest thought].</param>
/// <param name="AlignCounts">1 where such a token is there, shaped as <paramref name="AlignAnswers"/>.</param>
/// <param name="Attention">Which tokens attend to which, as the attention reads it.</param>
internal sealed record DeviceBatch(
    Tensor Pixels, Tensor TextIds, Tensor TextRows, Tensor VisionRows, Tensor Positions, Tensor Segments, Tensor IsCell,
    Tensor TargetRows, Tensor TargetIds, Tensor TargetWeights, Tensor CellIds,
    Tensor AlignPacks, Tensor AlignPrompts, Tensor AlignAnswers, Tensor AlignCounts, AttentionSegments Attention);
