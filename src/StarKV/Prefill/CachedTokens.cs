using StarKV.Cache;
using StarKV.Observe;
using StarKV.Text;

namespace StarKV.Prefill;

/// <summary>A reading that goes on from a cache: its rows are attended to, and compete with the new ones.</summary>
/// <param name="cache">The cache.</param>
/// <param name="taken">
/// What the reading frees in the end, the cache included, whose layers go as the reading replaces them; null leaves the cache to the
/// caller,
/// unchanged.
/// </param>
internal sealed class CachedTokens(KvCache cache, IDisposable? taken = null) : IEarlierTokens
{
    /// <inheritdoc/>
    public int First(TokenMap sequence) => NewTokens.First(cache, sequence);

    /// <inheritdoc/>
    public JoinedLayer Join(NewLayer fresh)
    {
        var kept = cache.Layers[fresh.Layer];
        var (queries, newKeys, newValues) = fresh.Heads;
        var (keys, values, earlier) = kept.Join(newKeys, newValues);
        if (taken is not null)
            kept.Dispose();
        var norms = new TokenNorms(fresh.Inputs, fresh.Residual, earlier.Count);
        return new JoinedLayer(
            new LayerInput(queries, keys, values, norms, fresh.Tokens, fresh.Prompt, fresh.Layer) { Earlier = earlier });
    }

    /// <inheritdoc/>
    public void Complete()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => taken?.Dispose();
}
