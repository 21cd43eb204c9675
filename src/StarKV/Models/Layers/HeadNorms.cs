using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>Root-mean-square norms of each head's queries and keys, before their rotation.</summary>
/// <param name="Query">The weight for the queries of every head, [d].</param>
/// <param name="Key">The weight for the keys of every head, [d].</param>
/// <remarks>Source: Qwen3 technical report, arXiv 2505.09388, section 2 (QK-Norm).</remarks>
internal sealed record HeadNorms(Tensor Query, Tensor Key)
{
    /// <summary>Takes a layer's weights.</summary>
    /// <param name="config">The decoder's sizes.</param>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="name">The attention's name with a dot at its end.</param>
    public static HeadNorms Take(TextConfig config, IWeightSource weights, string name) => new(
        weights.Take([config.HeadDim], name + "q_norm.weight"),
        weights.Take([config.HeadDim], name + "k_norm.weight"));

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors => [Query, Key];
}
