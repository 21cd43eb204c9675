using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>A linear layer, y = x · weightᵀ + bias: it owns its tensors and multiplies by them.</summary>
/// <param name="Weight">The weight, [outputs, inputs].</param>
/// <param name="Bias">The bias, [outputs]; null for none.</param>
/// <remarks>Kernels and TorchScript operations that fuse a product with its neighbours take the two tensors as they are here.</remarks>
internal sealed record Linear(Tensor Weight, Tensor? Bias = null)
{
    /// <summary>Takes a layer's weights; several layers are stacked along the outputs into one.</summary>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="outputs">Outputs of all of them together.</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="names">Canonical names without <c>.weight</c> and <c>.bias</c>.</param>
    public static Linear Take(IWeightSource weights, long outputs, long inputs, bool bias, params string[] names) => new(
        weights.Take([outputs, inputs], [.. names.Select(n => n + ".weight")]),
        bias ? weights.Take([outputs], [.. names.Select(n => n + ".bias")]) : null);

    /// <summary>The product of rows, [..., inputs] to [..., outputs].</summary>
    public Tensor Of(Tensor x) => Bias is null ? nn.functional.linear(x, Weight) : TorchOps.Linear(x, Weight, Bias);

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors => Bias is null ? [Weight] : [Weight, Bias];
}
