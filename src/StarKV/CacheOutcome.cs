using System.Runtime.ExceptionServices;
using StarKV.Account;
using StarKV.Runtime;

namespace StarKV;

/// <summary>What became of one cache of a reading: an answer and what the cache held for it, or a failure.</summary>
internal sealed class CacheOutcome
{
    private readonly GroundingAnswer? _answer;
    private readonly KeptTokens? _kept;
    private readonly Exception? _error;

    /// <summary>An answer.</summary>
    public CacheOutcome(GroundingAnswer answer, KeptTokens kept) => (_answer, _kept) = (answer, kept);

    /// <summary>A failure.</summary>
    public CacheOutcome(Exception error) => _error = MemoryShortage.Told(error);

    /// <summary>
    /// The failure as callers get it, who asked for several caches; null when there is an answer. What is not in the caller's hand names
    /// its kind.
    /// </summary>
    public StarKvException? Error => _error is null ? null
        : _error as StarKvException ?? new StarKvException($"{_error.GetType().Name}: {_error.Message.Split('\n')[0]}", _error);

    /// <summary>The answer and what the cache held.</summary>
    /// <exception cref="Exception">The failure, as it was thrown.</exception>
    public (GroundingAnswer Answer, KeptTokens Kept) OrThrow()
    {
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
        return (_answer!, _kept!);
    }

    /// <summary>The outcome for callers who asked for several caches.</summary>
    public CacheAnswer Told => new(_answer, Error) { Kept = _kept, Thrown = _error };
}
