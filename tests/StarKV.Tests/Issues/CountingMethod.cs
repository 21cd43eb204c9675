using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Issues;

/// <summary>A method of a user's own that counts the layers that it scores.</summary>
/// <param name="scoring">Called with the layer before it is scored.</param>
/// <param name="budget">How layers share; null for all alike.</param>
internal sealed class CountingMethod(Action<int> scoring, ILayerBudget? budget = null) : ICompressionMethod
{
    public int Scored { get; private set; }

    public string Name => "counting";

    public ILayerBudget LayerBudget { get; } = budget ?? new UniformBudget();

    public int Window(TokenMap prompt) => 4;

    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        Scored++;
        scoring(observation.Layer);
        return observation.Keys.narrow(1, 0, observation.Past).norm(2);
    }
}
