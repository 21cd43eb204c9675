using StarKV.Prefill;
using StarKV.Select;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>A compression method: it scores tokens; top-k, window, gather and accounting exist once, elsewhere.</summary>
public interface ICompressionMethod
{
    /// <summary>The method's registry key, such as <c>star-kv</c>.</summary>
    string Name { get; }

    /// <summary>Observation window in queries: the last prompt tokens, whose queries score the past and which are always kept.</summary>
    int Window { get; }

    /// <summary>How much a layer keeps of a prompt of <paramref name="length"/> tokens; null keeps everything.</summary>
    KeepPlan? Plan(KvBudget budget, int length, int layer, int layers) => KeepPlan.Of(budget, Window, length);

    /// <summary>Scores the past tokens of one layer; higher is kept.</summary>
    /// <param name="observation">What the layer shows; borrowed.</param>
    /// <param name="memory">What the method remembers of earlier prefills of the session.</param>
    /// <returns>
    /// [G, P]; or [1, P] when all heads shall keep the same tokens; or [H, P], which stores a copy for every query head.
    /// Owned by the caller's dispose scope.
    /// </returns>
    Tensor Score(in LayerObservation observation, LayerMemory memory);
}
