using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>One decoder layer's weights, as the kernels of the decode take them; borrowed.</summary>
/// <param name="InputNorm">The norm before the attention, [D].</param>
/// <param name="Qkv">The three projections, stacked, [(H + 2 G) · d, D].</param>
/// <param name="QkvBias">Their biases, [(H + 2 G) · d]; null for none.</param>
/// <param name="Output">The attention's output projection, [D, H · d].</param>
/// <param name="PostNorm">The norm before the MLP, [D].</param>
/// <param name="GateUp">The MLP's gate and up projections, stacked, [2 · intermediate, D].</param>
/// <param name="Down">The MLP's down projection, [D, intermediate].</param>
/// <param name="QueryNorm">The norm of each head's query, [d]; null for none.</param>
/// <param name="KeyNorm">The norm of each head's key, [d]; null for none.</param>
internal readonly record struct DecoderWeights(
    Tensor InputNorm, Tensor Qkv, Tensor? QkvBias, Tensor Output, Tensor PostNorm, Tensor GateUp, Tensor Down, Tensor? QueryNorm,
    Tensor? KeyNorm);
