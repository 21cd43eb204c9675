using System.Diagnostics.CodeAnalysis;
using StarKV.Models;
using StarKV.Prefill;

namespace StarKV.Decode;

/// <summary>Writes drafts as the answer is going to be written: with its temperature, seed and penalty, up to an end token.</summary>
/// <param name="decoder">The text decoder.</param>
/// <param name="generation">How the answer is written. Stop strings do not end a draft.</param>
/// <param name="penalty">Repetition penalty; 1 has no effect.</param>
/// <param name="isEnd">Tells end tokens.</param>
[Experimental("STARKV001")]
public sealed class DraftWriter(TextDecoder decoder, GenerationOptions generation, double penalty, Predicate<int> isEnd) : IDraftWriter
{
    /// <summary>Writes a draft, which is no longer than the answer may be.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<int> Write(PrefillResult prompt, int tokens, CancellationToken cancellation)
    {
        var read = Math.Min(tokens, generation.MaxNewTokens);
        // The last token of an answer is named, but not read: one more is named here, so that each of the draft's has a query.
        var options = generation with { MaxNewTokens = read + 1 };
        using var sampler = new Sampler(options, penalty, prompt.Cache.Prompt.Ids, prompt.Logits.shape[1], decoder.Compute.Device);
        var written = new TokenLoop(decoder).Run(prompt, sampler, options, isEnd, null, cancellation: cancellation);
        return [.. written.Tokens.Take(read)];
    }
}
