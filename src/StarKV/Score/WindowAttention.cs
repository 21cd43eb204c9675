using StarKV.Observe;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>How the summed window attention is smoothed along the tokens.</summary>
public enum Pooling
{
    /// <summary>The mean; zero padding counts, so the edges are divided by the whole kernel too.</summary>
    Average,

    /// <summary>The maximum.</summary>
    Max,
}

/// <summary>The score that most methods start from: how much the last queries attend to each past token.</summary>
/// <remarks>Source: SnapKV, arXiv 2404.14469, section 4.</remarks>
public static class WindowAttention
{
    /// <summary>Attention of the window's queries, summed over the queries and pooled along the tokens.</summary>
    /// <param name="observation">One layer.</param>
    /// <param name="kernel">Odd kernel width in tokens; default 5.</param>
    /// <param name="pooling">Average (default) or max.</param>
    /// <returns>[H, P], float32.</returns>
    public static Tensor Pooled(in LayerObservation observation, int kernel, Pooling pooling) =>
        Pool(TorchOps.WindowAttention(observation.Queries, observation.Keys), kernel, pooling);

    /// <summary>Numbers of tokens, [lists, tokens], pooled along the tokens.</summary>
    internal static Tensor Pool(Tensor numbers, int kernel, Pooling pooling)
    {
        var lists = numbers.unsqueeze(0);
        var pooled = pooling == Pooling.Max
            ? nn.functional.max_pool1d(lists, kernel, stride: 1, padding: kernel / 2)
            : nn.functional.avg_pool1d(lists, kernel, stride: 1, padding: kernel / 2);
        return pooled.squeeze(0);
    }
}
