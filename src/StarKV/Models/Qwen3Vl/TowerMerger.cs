using StarKV.Models.Layers;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen3Vl;

/// <summary>Makes one row of the text decoder's width of each merged cell: a norm, then two layers over a cell's patches.</summary>
/// <param name="Norm">The norm: of patches, [D], or of whole cells, [merge² · D].</param>
/// <param name="First">The first layer, [merge² · D, merge² · D].</param>
/// <param name="Second">The second layer, [hidden, merge² · D].</param>
internal sealed record TowerMerger(LayerNorm Norm, Linear First, Linear Second)
{
    /// <summary>Takes a merger's weights.</summary>
    /// <param name="config">The tower's sizes.</param>
    /// <param name="weights">Gives the weights.</param>
    /// <param name="name">The merger's name with a dot at its end.</param>
    /// <param name="ofCells">Whether the norm is of a whole cell; else of each patch.</param>
    public static TowerMerger Take(Qwen3VlVisionConfig config, IWeightSource weights, string name, bool ofCells)
    {
        var merged = (long)config.HiddenSize * config.SpatialMergeSize * config.SpatialMergeSize;
        return new TowerMerger(
            LayerNorm.Take(weights, ofCells ? merged : config.HiddenSize, name + "norm"),
            Linear.Take(weights, merged, merged, bias: true, name + "linear_fc1"),
            Linear.Take(weights, config.OutHiddenSize, merged, bias: true, name + "linear_fc2"));
    }

    /// <summary>Rows of the merged cells, [B, N / merge², hidden], of patches [B, N, D].</summary>
    public Tensor Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        var normed = Norm.Of(x.view(x.shape[0], -1, Norm.Weight.shape[0]));
        return TorchOps.Call("vision_merge", normed, First.Weight, First.Bias!, Second.Weight, Second.Bias!).MoveToOuterDisposeScope();
    }

    /// <summary>The tensors that are held.</summary>
    public IEnumerable<Tensor> Tensors => [.. Norm.Tensors, .. First.Tensors, .. Second.Tensors];
}
