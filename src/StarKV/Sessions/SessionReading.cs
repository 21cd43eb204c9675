using StarKV.Cache;
using StarKV.Prefill;
using StarKV.Text;

namespace StarKV.Sessions;

/// <summary>What one step has read: the cache to write the answer on, and what the session will hold once the answer is there.</summary>
/// <param name="Step">What was asked for.</param>
/// <param name="Positions">The tokens' rotary positions.</param>
/// <param name="First">The first token that was read; those before it were known.</param>
/// <param name="Storage">Where the rows are.</param>
/// <param name="Result">The cache, which grows by the answer, and the first logits.</param>
/// <param name="Store">All rows in the host's memory; null where none are kept there.</param>
internal sealed record SessionReading(
    SessionStep Step, MRopePositions Positions, int First, KvStorage Storage, PrefillResult Result, KvStore? Store) : IDisposable
{
    /// <value>True when rows were held, but everything was read again; default false.</value>
    public bool Rebuilt { get; init; }

    /// <summary>Tokens read in this step.</summary>
    public int TokensRead => Step.Sequence.Length - First;

    /// <inheritdoc/>
    public void Dispose()
    {
        Result.Dispose();
        Store?.Dispose();
    }
}
