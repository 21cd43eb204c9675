using StarKV.Kernels;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>
/// One decoder layer's weights; the three projections of attention are stacked, and so are the MLP's gate and up projections.
/// </summary>
/// <param name="InputNorm">The attention's norm, [D].</param>
/// <param name="Qkv">Queries, keys and values, [(H + 2 G) · d, D].</param>
/// <param name="Out">The attention's output, [D, H · d].</param>
/// <param name="PostNorm">The MLP's norm, [D].</param>
/// <param name="GateUp">Gate and up, [2 · intermediate, D].</param>
/// <param name="Down">The MLP's output, [D, intermediate].</param>
/// <param name="HeadNorms">Norms of the queries' and keys' heads; null for none.</param>
internal sealed record DecoderLayer(
    Tensor InputNorm, Linear Qkv, Linear Out, Tensor PostNorm, Linear GateUp, Linear Down, HeadNorms? HeadNorms)
{
    /// <summary>Takes a layer's weights.</summary>
    /// <param name="config">The decoder's sizes.</param>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="name">The layer's name with a dot at its end.</param>
    public static DecoderLayer Take(TextConfig config, IWeightSource weights, string name)
    {
        long d = config.HiddenSize;
        long q = config.Heads * config.HeadDim;
        long kv = config.KvHeads * config.HeadDim;
        long mlp = config.IntermediateSize;
        var (attention, gated) = (name + "self_attn.", name + "mlp.");
        return new DecoderLayer(
            weights.Take([d], name + "input_layernorm.weight"),
            Linear.Take(weights, q + 2 * kv, d, config.QkvBias, attention + "q_proj", attention + "k_proj", attention + "v_proj"),
            Linear.Take(weights, d, q, bias: false, attention + "o_proj"),
            weights.Take([d], name + "post_attention_layernorm.weight"),
            Linear.Take(weights, 2 * mlp, d, bias: false, gated + "gate_proj", gated + "up_proj"),
            Linear.Take(weights, d, mlp, bias: false, gated + "down_proj"),
            config.HeadNorms ? Layers.HeadNorms.Take(config, weights, attention) : null);
    }

    /// <summary>The weights as the kernels of the decode take them; borrowed.</summary>
    public DecoderWeights Decoding => new(
        InputNorm, Qkv.Weight, Qkv.Bias, Out.Weight, PostNorm, GateUp.Weight, Down.Weight, HeadNorms?.Query, HeadNorms?.Key);

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors =>
        [InputNorm, .. Qkv.Tensors, .. Out.Tensors, PostNorm, .. GateUp.Tensors, .. Down.Tensors, .. HeadNorms?.Tensors ?? []];
}
