using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>No compression: every token is kept, whatever the budget. What the other methods are measured against.</summary>
public sealed class Full : ICompressionMethod
{
    /// <inheritdoc/>
    public string Name => "full";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => Methods.NoOptions;

    /// <inheritdoc/>
    public ILayerBudget LayerBudget => new KeepEverything();

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => 1;

    /// <summary>All past tokens alike, [1, P].</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory) =>
        ones([1, observation.Past], device: observation.Keys.device);
}
