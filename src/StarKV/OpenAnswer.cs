using StarKV.Account;
using StarKV.Decode;
using StarKV.Prefill;

namespace StarKV;

/// <summary>One answer while it is written, and what its cache held before.</summary>
/// <param name="Prefill">The cache, which grows by the answer, and the first logits; borrowed.</param>
/// <param name="Kv">What the cache held.</param>
/// <param name="Kept">Which tokens those were.</param>
/// <param name="Sampler">Chooses tokens.</param>
/// <param name="Writer">Writes the answer.</param>
internal sealed record OpenAnswer(PrefillResult Prefill, KvReport Kv, KeptTokens Kept, Sampler Sampler, AnswerWriter Writer) : IDisposable
{
    /// <value>How long it has been written.</value>
    public TimeSpan Time { get; set; }

    /// <summary>Frees what it holds; not the cache.</summary>
    public void Dispose() => Sampler.Dispose();
}
