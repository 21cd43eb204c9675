using StarKV.MiniGui.Training.Model;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Optimise;

/// <summary>Brings matrices near the orthogonal ones that have the same singular vectors.</summary>
/// <remarks>
/// Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024): five steps of a quintic iteration.
/// </remarks>
internal static class NewtonSchulz
{
    private const int Steps = 5;

    /// <summary>Orthogonalises a stack of matrices [n, r, c]; the singular values of the result are between about 0.7 and 1.2.</summary>
    /// <remarks>In bfloat16 on CUDA: the iteration forgives rounding.</remarks>
    public static Tensor Orthogonal(Tensor matrices) =>
        TrainingOps.Call(
            "orthogonal", matrices.device_type == TorchSharp.DeviceType.CUDA ? matrices.to(ScalarType.BFloat16) : matrices, Steps);
}
