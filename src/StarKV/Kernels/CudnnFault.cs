using StarKV.Runtime;

namespace StarKV.Kernels;

/// <summary>What a failed call of cuDNN means, read from libtorch's message: it has no separate type by the time it arrives.</summary>
internal static class CudnnFault
{
    /// <summary>
    /// How libtorch and cuDNN's frontend say that there is no kernel for an operation: no engine, no plan that can be built, a shape or a
    /// card that is not supported, a build without cuDNN.
    /// </summary>
    private static readonly string[] s_noPlan =
    [
        "No execution plans", "No valid execution plans", "No valid engine configs", "CUDNN_STATUS_NOT_SUPPORTED", "GRAPH_NOT_SUPPORTED",
        "was not compiled with cuDNN", "Could not run 'aten::_scaled_dot_product_cudnn_attention'",
    ];

    /// <summary>
    /// True when the same call can never succeed on this card, so that another kernel must do the work; false for every other error, such
    /// as a lack of memory.
    /// </summary>
    /// <param name="message">The exception's message; a plan may fail for a lack of memory, too.</param>
    public static bool IsNoPlan(string message) =>
        Array.Exists(s_noPlan, phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase)) && !MemoryShortage.Says(message);
}
