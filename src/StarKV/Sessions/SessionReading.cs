using System.Diagnostics.CodeAnalysis;
using StarKV.Cache;
using StarKV.Prefill;
using StarKV.Text;

namespace StarKV.Sessions;

/// <summary>What one step has read: the cache to write the answer on, and what the session will hold once the answer is there.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class SessionReading : IDisposable
{
    internal SessionReading(
        SessionStep step, MRopePositions positions, int first, KvStorage storage, PrefillResult result, KvStore? store) =>
        (Step, Positions, First, Storage, Result, Store) = (step, positions, first, storage, result, store);

    /// <value>What was asked for.</value>
    public SessionStep Step { get; }

    /// <value>The first token that was read; those before it were known.</value>
    public int First { get; }

    /// <value>Where the rows are.</value>
    public KvStorage Storage { get; }

    /// <value>The cache, which grows by the answer, and the first logits.</value>
    public PrefillResult Result { get; }

    /// <value>True when rows were held, but everything was read again; default false.</value>
    public bool Rebuilt { get; internal init; }

    /// <value>True when everything was read again because the model had no positions left for what is new; default false.</value>
    public bool Rebased { get; internal init; }

    /// <value>True when an equal step had read all of it, and its asker left; default false.</value>
    internal bool IsHeld { get; set; }

    /// <summary>Tokens read in this step.</summary>
    public int TokensRead => IsHeld ? 0 : Step.Sequence.Length - First;

    /// <value>The tokens' rotary positions.</value>
    internal MRopePositions Positions { get; }

    /// <value>All rows in the host's memory; null where none are kept there.</value>
    internal KvStore? Store { get; }

    /// <summary>Frees it: the step has not happened.</summary>
    public void Dispose()
    {
        Result.Dispose();
        Store?.Dispose();
    }
}
