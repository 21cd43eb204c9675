using static TorchSharp.torch;

namespace StarKV.Observe;

/// <summary>
/// What texts that were read after the prompt, each as if it were the answer's beginning, attend to in one layer. A branch sees the layer's
/// rows and its own tokens up to each, no other branch; nothing of it is stored.
/// </summary>
/// <param name="Weights">
/// Attention weights, float32, [G, n · m, rows + m]: for each key/value head the m tokens of its first query head, then those of the next.
/// The layer's rows come first, then the branches' own tokens. Borrowed.
/// </param>
/// <param name="Spans">
/// The method's branches among the m tokens, [start, end) each. One instance for all layers of a reading.
/// </param>
/// <remarks>H query heads, G key/value heads, n = H / G, m tokens of all branches. Not thread-safe.</remarks>
public sealed record BranchAttention(Tensor Weights, IReadOnlyList<(int Start, int End)> Spans)
{
    /// <summary>
    /// Attention to each row: the mean over a branch's tokens, summed over the branches, the mean over a group's query heads,
    /// [G, rows], float32; owned by the open dispose scope.
    /// </summary>
    /// <param name="prompt">Tensors shared by all layers.</param>
    /// <param name="headsPerGroup">Query heads per key/value head, n.</param>
    /// <param name="rows">How many rows, from the first.</param>
    public Tensor Sum(PromptTensors prompt, int headsPerGroup, int rows)
    {
        var shares = prompt.GetOrAdd(Spans, () => tensor(Shares(headsPerGroup)));
        return shares.matmul(Weights.narrow(2, 0, rows));
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Spans.Count} branches, weights {ListText.Of([.. Weights.shape])}";

    /// <summary>What each token of each query head of a group counts, [n · m].</summary>
    private float[] Shares(int headsPerGroup)
    {
        var tokens = (int)Weights.shape[1] / headsPerGroup;
        var shares = new float[headsPerGroup * tokens];
        foreach (var (start, end) in Spans)
        {
            for (var head = 0; head < headsPerGroup; head++)
                shares.AsSpan(head * tokens + start, end - start).Fill(1f / ((end - start) * headsPerGroup));
        }

        return shares;
    }
}
