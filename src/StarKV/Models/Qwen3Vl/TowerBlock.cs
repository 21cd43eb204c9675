using StarKV.Models.Layers;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen3Vl;

/// <summary>One block of the vision tower.</summary>
/// <param name="AttentionNorm">The attention's norm.</param>
/// <param name="Qkv">Queries, keys and values, [3 · D, D].</param>
/// <param name="Out">The attention's output, [D, D].</param>
/// <param name="MlpNorm">The MLP's norm.</param>
/// <param name="Up">The MLP's first layer, [width, D].</param>
/// <param name="Down">The MLP's second layer, [D, width].</param>
internal sealed record TowerBlock(LayerNorm AttentionNorm, Linear Qkv, Linear Out, LayerNorm MlpNorm, Linear Up, Linear Down)
{
    /// <summary>Takes a block's weights.</summary>
    /// <param name="config">The tower's sizes.</param>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="name">The block's name with a dot at its end.</param>
    public static TowerBlock Take(Qwen3VlVisionConfig config, IWeightSource weights, string name)
    {
        var (d, mlp) = (config.HiddenSize, config.IntermediateSize);
        return new TowerBlock(
            LayerNorm.Take(weights, d, name + "norm1"),
            Linear.Take(weights, 3 * d, d, bias: true, name + "attn.qkv"),
            Linear.Take(weights, d, d, bias: true, name + "attn.proj"),
            LayerNorm.Take(weights, d, name + "norm2"),
            Linear.Take(weights, mlp, d, bias: true, name + "mlp.linear_fc1"),
            Linear.Take(weights, d, mlp, bias: true, name + "mlp.linear_fc2"));
    }

    /// <summary>The MLP of normed rows, [..., D].</summary>
    public Tensor Mlp(Tensor normed) => TorchOps.Call("vision_mlp", normed, Up.Weight, Up.Bias!, Down.Weight, Down.Bias!);

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors =>
        [.. AttentionNorm.Tensors, .. Qkv.Tensors, .. Out.Tensors, .. MlpNorm.Tensors, .. Up.Tensors, .. Down.Tensors];
}
