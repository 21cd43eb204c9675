using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// The score of VATP, arXiv 2406.12335: attention times the L1 norm of the value that it fetches, here with the last queries' attention.
/// The paper keeps the first tokens too; that part is left out.
/// </summary>
public sealed class ValueNorm : ICompressionMethod
{
    /// <inheritdoc/>
    public string Name => "value-norm";

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => 8;

    /// <summary>Window attention, the mean of each group's query heads, times ‖v‖₁: [G, P].</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var attention = WindowAttention.Pooled(observation, kernel: 5, Pooling.Average);
        var groups = attention.view(observation.KvHeads, observation.HeadsPerGroup, observation.Past).mean([1]);
        return groups * observation.Values.narrow(1, 0, observation.Past).to(ScalarType.Float32).abs().sum(2);
    }
}
