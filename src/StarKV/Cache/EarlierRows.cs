using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Cache;

/// <summary>What is known of a cache's rows when new ones follow them.</summary>
/// <param name="Count">Rows of the cache.</param>
/// <param name="TokenOfRow">The token of every row, the new ones included, [1 or S, L], int64; S heads stored.</param>
/// <param name="HeadCopies">Copies that the cache stores of each key/value head.</param>
/// <param name="DroppedNothing">True when the cache holds every token that it has seen.</param>
[Experimental("STARKV001")]
public sealed record EarlierRows(int Count, Tensor TokenOfRow, int HeadCopies, bool DroppedNothing)
{
    /// <summary>Token ids of the kept rows: [max(lists, heads), n].</summary>
    /// <param name="kept">Row numbers, int64, [1, n] or one list for each head; null for all rows.</param>
    internal Tensor TokensOf(Tensor? kept)
    {
        if (kept is null)
            return TokenOfRow;
        var lists = Math.Max(kept.shape[0], TokenOfRow.shape[0]);
        return TokenOfRow.repeat_interleave(lists / TokenOfRow.shape[0], 0).gather(1, kept.expand(lists, -1));
    }

    /// <summary>A copy, in the caller's dispose scope.</summary>
    internal EarlierRows Held() => this with { TokenOfRow = TokenOfRow.clone() };
}
