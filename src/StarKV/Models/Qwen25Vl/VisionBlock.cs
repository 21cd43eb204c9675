using StarKV.Models.Layers;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>One block of the vision tower; the MLP's gate and up projections are stacked.</summary>
/// <param name="AttentionNorm">The attention's norm, [D].</param>
/// <param name="Qkv">Queries, keys and values, [3 · D, D].</param>
/// <param name="Out">The attention's output, [D, D].</param>
/// <param name="MlpNorm">The MLP's norm, [D].</param>
/// <param name="GateUp">Gate and up, [2 · width, D]; see <see cref="MlpWidth"/>.</param>
/// <param name="Down">The MLP's output, [D, width].</param>
internal sealed record VisionBlock(Tensor AttentionNorm, Linear Qkv, Linear Out, Tensor MlpNorm, Linear GateUp, Linear Down)
{
    /// <summary>
    /// Widths that matrix products read 16 bytes at a time: the published 3,420 is not one, and its products run at a fraction of the
    /// speed.
    /// </summary>
    private const int MlpAlignment = 64;

    /// <summary>Takes a block's weights.</summary>
    /// <param name="config">The tower's sizes.</param>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="name">The block's name with a dot at its end.</param>
    public static VisionBlock Take(VisionConfig config, IWeightSource weights, string name)
    {
        var (d, mlp) = (config.HiddenSize, config.IntermediateSize);
        return new VisionBlock(
            weights.Take([d], name + "norm1.weight"),
            Linear.Take(weights, 3 * d, d, bias: true, name + "attn.qkv"),
            Linear.Take(weights, d, d, bias: true, name + "attn.proj"),
            weights.Take([d], name + "norm2.weight"),
            Stacked(
                Linear.Take(weights, mlp, d, bias: true, name + "mlp.gate_proj"),
                Linear.Take(weights, mlp, d, bias: true, name + "mlp.up_proj")),
            Widened(Linear.Take(weights, d, mlp, bias: true, name + "mlp.down_proj")));
    }

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors => [AttentionNorm, .. Qkv.Tensors, .. Out.Tensors, MlpNorm, .. GateUp.Tensors, .. Down.Tensors];

    /// <summary>The MLP's inner dimension as the tower holds it, a multiple of 64.</summary>
    internal static long MlpWidth(VisionConfig config) => Aligned(config.IntermediateSize);

    private static long Aligned(long width) => (width + MlpAlignment - 1) / MlpAlignment * MlpAlignment;

    /// <summary>Puts two layers on top of one another, each widened; takes both.</summary>
    private static Linear Stacked(Linear upper, Linear lower) => new(
        Stacked(Widened(upper.Weight, 0), Widened(lower.Weight, 0)),
        Stacked(Widened(upper.Bias!, 0), Widened(lower.Bias!, 0)));

    private static Tensor Stacked(Tensor upper, Tensor lower)
    {
        using (upper)
        using (lower)
            return cat([upper, lower], 0);
    }

    private static Linear Widened(Linear down) => down with { Weight = Widened(down.Weight, 1) };

    /// <summary>Widens an MLP's inner dimension with zeros, which add nothing; takes the weight.</summary>
    private static Tensor Widened(Tensor weight, int dimension)
    {
        var width = weight.shape[dimension];
        var wanted = Aligned(width);
        if (wanted == width)
            return weight;
        using var scope = NewDisposeScope();
        var shape = weight.shape;
        shape[dimension] = wanted;
        var wide = zeros(shape, weight.dtype, weight.device);
        wide.narrow(dimension, 0, width).copy_(weight);
        weight.Dispose();
        return wide.MoveToOuterDisposeScope();
    }
}
