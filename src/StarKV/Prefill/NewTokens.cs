using StarKV.Cache;
using StarKV.Text;

namespace StarKV.Prefill;

/// <summary>Where a sequence goes on that a cache has seen the beginning of.</summary>
internal static class NewTokens
{
    /// <summary>The first token that the cache has not seen.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="sequence">What the cache was read from, the answer that it holds, and what is new.</param>
    /// <exception cref="StarKvException">The sequence begins otherwise, or has nothing new.</exception>
    public static int First(KvCache cache, TokenMap sequence)
    {
        var (read, seen) = (cache.Prompt, cache.TokensSeen);
        if (sequence.Length <= seen)
            throw new StarKvException($"The cache has seen {seen} tokens, and the sequence has {sequence.Length}. Give all of it: " +
                $"what was read, the answer written since, and what is new.");
        var same = read.Ids.CommonPrefixLength(sequence.Ids);
        if (same < read.Length)
            throw new StarKvException($"The sequence does not go on from the cache: token {same} is {sequence.Ids[same]}, " +
                $"and {read.Ids[same]} was read. Read the whole prompt again.");
        if (!sequence.Frames.TakeWhile(f => f.Start < seen).SequenceEqual(read.Frames))
            throw new StarKvException($"The sequence does not go on from the cache: " +
                $"among its first {seen} tokens are other screenshots than the {read.Frames.Count} that were read. " +
                    $"Read the whole prompt again.");
        return seen;
    }
}
