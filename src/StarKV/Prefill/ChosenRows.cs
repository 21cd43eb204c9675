using StarKV.Cache;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>
/// The earlier rows that new tokens attend to where a layer's cache is chosen before they do: those that the cache keeps, and the latest of
/// the others, so that each head attends to as many as the cache has.
/// </summary>
internal static class ChosenRows
{
    /// <summary>The rows, followed by the new ones.</summary>
    /// <param name="chosen">The layer's cache.</param>
    /// <param name="keys">Keys of all tokens, [G, L, d].</param>
    /// <param name="values">Their values.</param>
    /// <param name="first">The first token that is new.</param>
    /// <returns>Keys and values, [S, rows + L − first, d], for the S heads that the cache stores.</returns>
    public static (Tensor Keys, Tensor Values) Of(KvLayer chosen, Tensor keys, Tensor values, int first)
    {
        using var scope = NewDisposeScope();
        var rows = Rows(chosen, first);
        return (Take(keys).MoveToOuterDisposeScope(), Take(values).MoveToOuterDisposeScope());

        Tensor Take(Tensor all)
        {
            if (chosen.HeadCopies > 1)
                all = all.repeat_interleave(chosen.HeadCopies, 0);
            return cat([KvLayer.Rows(all, rows), all.narrow(1, first, all.shape[1] - first)], 1);
        }
    }

    /// <summary>Tokens before the new ones, ascending, [1 or S, rows].</summary>
    internal static Tensor Rows(KvLayer chosen, int first)
    {
        var tokens = chosen.TokenOfRow();
        // Later tokens are worth more, and chosen ones more than all others; a last column takes the new tokens, which are not asked about.
        var worth = arange(first + 1, ScalarType.Int64, tokens.device).expand(tokens.shape[0], -1)
            .scatter(1, tokens.clamp_max(first), full_like(tokens, 2L * first));
        var count = Math.Min(chosen.Length, first);
        return sort(worth.narrow(1, 0, first).topk(count, dim: 1, largest: true, sorted: false).indexes, 1).values;
    }
}
