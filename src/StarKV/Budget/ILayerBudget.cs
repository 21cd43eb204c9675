using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Budget;

/// <summary>How the layers of a model share a budget.</summary>
public interface ILayerBudget
{
    /// <summary>The budget's key in the docs, such as <c>uniform</c>.</summary>
    string Name { get; }

    /// <summary>
    /// True when every layer must be measured before one of them may drop a
    /// token. Their keys and values are then held whole until the prompt has
    /// been read, so the prefill's peak holds a full cache. Default false: a layer is compacted before the next one is computed.
    /// </summary>
    bool NeedsMeasures => false;

    /// <summary>
    /// True when no layer drops anything, whatever the budget; default false. A budget around another one passes this on.
    /// </summary>
    bool DropsNothing => false;

    /// <summary>
    /// Prompt tokens that every layer keeps, whatever their scores; default none. A budget around another one passes them on, with its own.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="StarKvException">The prompt lacks what is to be kept.</exception>
    IReadOnlyCollection<int> Required(TokenMap prompt) => [];

    /// <summary>
    /// Measures one layer: a scalar on its device, owned by the caller's dispose scope. Only called where <see cref="NeedsMeasures"/>.
    /// </summary>
    Tensor Measure(in LayerObservation layer) => throw new NotSupportedException($"{GetType().Name} measures no layers.");

    /// <summary>Divides a budget.</summary>
    /// <param name="budget">What all layers keep on average.</param>
    /// <param name="window">The method's observation window W.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="measures">One number per layer where <see cref="NeedsMeasures"/>, else empty.</param>
    /// <returns>A plan for each layer; null for one that keeps everything.</returns>
    IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures);
}
