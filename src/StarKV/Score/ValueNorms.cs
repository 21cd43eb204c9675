using StarKV.Observe;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>How long the values are that attention would fetch: what weight a token's attention carries.</summary>
/// <remarks>The idea of VATP, arXiv 2406.12335, which takes the L1 norm; here it is the L2 norm.</remarks>
internal static class ValueNorms
{
    /// <summary>The norms of the past tokens' values, [G, P], float32.</summary>
    public static Tensor Of(in LayerObservation o) => TorchOps.Call("value_norms", o.Values.narrow(1, 0, o.Past));
}
