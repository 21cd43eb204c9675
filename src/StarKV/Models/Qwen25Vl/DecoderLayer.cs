using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>One layer's weights; the three projections of attention are stacked, and so are the MLP's gate and up projections.</summary>
internal sealed record DecoderLayer(Tensor InputNorm, Tensor Qkv, Tensor QkvBias, Tensor Out, Tensor PostNorm, Tensor GateUp, Tensor Down)
{
    /// <summary>All of them.</summary>
    public Tensor[] Weights => [InputNorm, Qkv, QkvBias, Out, PostNorm, GateUp, Down];
}
