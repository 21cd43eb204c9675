using StarKV.Prefill;
using StarKV.Select;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>No compression: every token is kept, whatever the budget. What the other methods are measured against.</summary>
public sealed class Full : ICompressionMethod
{
    /// <inheritdoc/>
    public string Name => "full";

    /// <inheritdoc/>
    public int Window => 1;

    /// <inheritdoc/>
    public KeepPlan? Plan(KvBudget budget, int length, int layer, int layers) => null;

    /// <summary>All past tokens alike, [1, P].</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory) => ones([1, observation.Past], device: observation.Keys.device);
}
