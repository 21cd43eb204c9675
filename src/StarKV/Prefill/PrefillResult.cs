using System.Diagnostics.CodeAnalysis;
using StarKV.Cache;
using StarKV.Compact;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>What a prefill leaves: the cache and the logits of the first answer token. The caller owns both.</summary>
/// <param name="Cache">The compressed cache.</param>
/// <param name="Logits">Logits of the prompt's last token, [1, vocabulary], float32.</param>
/// <param name="NextPosition">
/// The position of the first answer token: it follows the prompt's own positions, however much was dropped.
/// </param>
/// <param name="Selection">Time spent on scoring, selecting and compacting.</param>
[Experimental("STARKV001")]
public sealed record PrefillResult(KvCache Cache, Tensor Logits, long NextPosition, TimeSpan Selection) : IDisposable
{
    /// <value>Compresses the cache further during the answer; null when the method does not.</value>
    internal AnswerCompactor? AnswerCompactor { get; init; }

    /// <value>The draft that the method looked at; null (default) where it asked for none.</value>
    public DraftReport? Draft { get; init; }

    /// <value>The time that writing the draft took; zero (default) without one.</value>
    public TimeSpan DraftTime { get; init; }

    /// <inheritdoc/>
    public void Dispose() => DisposeBut(null);

    /// <summary>Frees everything but a cache, if it is this one's.</summary>
    internal void DisposeBut(KvCache? kept)
    {
        if (!ReferenceEquals(kept, Cache))
            Cache.Dispose();
        Logits.Dispose();
        AnswerCompactor?.Dispose();
    }
}
