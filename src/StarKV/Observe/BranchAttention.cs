using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Observe;

/// <summary>
/// What texts that were read after the prompt, each as if it were the answer's beginning, attend to in one layer. A branch sees the layer's
/// rows and its own tokens up to each, no other branch; nothing of it is stored.
/// </summary>
/// <param name="Queries">Queries of the m tokens of all branches, after rotation, [H, m, d]. Borrowed.</param>
/// <param name="Keys">Keys of the layer's rows, [G, L, d]. Borrowed.</param>
/// <param name="LogSums">
/// The logarithm of the sum of exponentials of each query's logits, over the rows and the branch's own tokens, float32, [G, n · m]: for
/// each key/value head the m tokens of its first query head, then those of the next. Borrowed.
/// </param>
/// <param name="Spans">
/// The method's branches among the m tokens, [start, end) each. One instance for all layers of a reading.
/// </param>
/// <remarks>H query heads, G key/value heads, n = H / G, m tokens of all branches. Not thread-safe.</remarks>
public sealed record BranchAttention(Tensor Queries, Tensor Keys, Tensor LogSums, IReadOnlyList<(int Start, int End)> Spans)
{
    /// <summary>
    /// Attention weights of every branch's tokens over the rows, [H, m, L], float32, owned by the open dispose scope. Each adds up to less
    /// than 1: the rest lies on the branch's own tokens.
    /// </summary>
    public Tensor Weights() => TorchOps.Call("branch_weights", Queries, Keys, LogSums);

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Spans.Count} branches, queries {ListText.Of([.. Queries.shape])}";
}
