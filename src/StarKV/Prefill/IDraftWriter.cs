using System.Diagnostics.CodeAnalysis;

namespace StarKV.Prefill;

/// <summary>
/// Writes the drafts that methods look at before their caches are chosen. Reading comes before writing, so it is given to the reading:
/// <see cref="PrefillOptions.Drafts"/>.
/// </summary>
/// <remarks>Called on the inference thread.</remarks>
[Experimental("STARKV001")]
public interface IDraftWriter
{
    /// <summary>Writes a draft.</summary>
    /// <param name="prompt">The draft's cache, which grows by every token that is read, and the first logits; borrowed.</param>
    /// <param name="tokens">Tokens at most.</param>
    /// <param name="cancellation">Checked before every token.</param>
    /// <returns>The tokens that were read, in their order: each is a row of the cache.</returns>
    IReadOnlyList<int> Write(PrefillResult prompt, int tokens, CancellationToken cancellation);
}
