using StarKV.Models.Layers;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>Makes one embedding of each merged cell: a norm per patch, then two layers over a cell's patches.</summary>
/// <param name="Norm">The norm, [D].</param>
/// <param name="First">The first layer, [merge² · D, merge² · D].</param>
/// <param name="Second">The second layer, [hidden, merge² · D].</param>
internal sealed record VisionMerger(Tensor Norm, Linear First, Linear Second)
{
    /// <summary>Takes the merger's weights.</summary>
    /// <param name="config">The tower's sizes.</param>
    /// <param name="weights">Gives the weights.</param>
    public static VisionMerger Take(VisionConfig config, IWeightSource weights)
    {
        const string name = "model.visual.merger.";
        var merged = (long)config.HiddenSize * config.SpatialMergeSize * config.SpatialMergeSize;
        return new VisionMerger(
            weights.Take([config.HiddenSize], name + "ln_q.weight"),
            Linear.Take(weights, merged, merged, bias: true, name + "mlp.0"),
            Linear.Take(weights, config.OutHiddenSize, merged, bias: true, name + "mlp.2"));
    }

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors => [Norm, .. First.Tensors, .. Second.Tensors];
}
