using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen3Vl;

/// <summary>A layer norm with weight and bias over the last dimension.</summary>
/// <param name="Weight">The weight, [D].</param>
/// <param name="Bias">The bias, [D].</param>
internal sealed record LayerNorm(Tensor Weight, Tensor Bias)
{
    /// <summary>Added to the variance in every norm of the tower.</summary>
    private const double Eps = 1e-6;

    /// <summary>Takes a norm's weights.</summary>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="dim">Numbers of a row.</param>
    /// <param name="name">Its name.</param>
    public static LayerNorm Take(IWeightSource weights, long dim, string name) =>
        new(weights.Take([dim], name + ".weight"), weights.Take([dim], name + ".bias"));

    /// <summary>The norm of rows, [..., D].</summary>
    public Tensor Of(Tensor x) => nn.functional.layer_norm(x, [Weight.shape[0]], Weight, Bias, Eps);

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors => [Weight, Bias];
}
