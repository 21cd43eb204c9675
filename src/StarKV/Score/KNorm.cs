using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>Key norm, arXiv 2406.11430: keep the keys with the smallest L2 norm; no attention is looked at.</summary>
public sealed class KNorm : ICompressionMethod
{
    /// <inheritdoc/>
    public string Name => "knorm";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => Methods.NoOptions;

    /// <summary>The last token alone: it is always kept.</summary>
    public int Window(TokenMap prompt) => 1;

    /// <summary>The negative norm of each key, [G, P].</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory) =>
        -observation.Keys.narrow(1, 0, observation.Past).to(ScalarType.Float32).norm(2);
}
