using System.Runtime.ExceptionServices;
using StarKV.Cache;
using StarKV.Compact;
using StarKV.Observe;

namespace StarKV.Prefill;

/// <summary>
/// One of the caches that a reading builds. Where each stands for itself, what fails ends its own cache, and the reading goes on for the
/// others.
/// </summary>
/// <param name="apart">Whether a failure is kept in <see cref="Error"/>; else it is thrown and ends the reading.</param>
internal sealed class CacheBuild(bool apart) : IDisposable
{
    private PromptCompactor? _compactor;
    private (KvCache Cache, AnswerCompactor? Answer, TimeSpan Selection) _finished;

    /// <summary>What went wrong; null while nothing did.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Starts the cache.</summary>
    public CacheBuild Begin(Func<PromptCompactor> begin)
    {
        Do(() => _compactor = begin());
        return this;
    }

    /// <summary>Takes in the next layer, borrowed; nothing after a failure.</summary>
    public void Add(LayerInput layer) => Do(() => _compactor!.Add(layer));

    /// <summary>True when the layers are held until all have been read: <see cref="Finish"/> then waits for the device.</summary>
    public bool HoldsLayers => _compactor is { HoldsLayers: true };

    /// <summary>A layer of the cache, borrowed; null after a failure, and while the layers are held.</summary>
    /// <param name="layer">Layer index from 0, taken in before.</param>
    public KvLayer? Layer(int layer) => _compactor?.Layer(layer);

    /// <summary>Has the draft written that the method looks at; nothing where it asks for none.</summary>
    /// <inheritdoc cref="PromptCompactor.WriteDraft"/>
    public void WriteDraft(Func<KvCache, int, IReadOnlyList<int>> write, CancellationToken cancellation) =>
        Do(() => _compactor!.WriteDraft(write, cancellation));

    /// <summary>The draft and the time that writing it took; null where there is none.</summary>
    public (DraftReport Report, TimeSpan Time)? Draft => _compactor?.Draft;

    /// <summary>Compacts what was held back.</summary>
    /// <param name="cancellation">Checked before every layer that was held back.</param>
    public void Finish(CancellationToken cancellation) => Do(() => _finished = _compactor!.Finish(cancellation));

    /// <summary>The finished cache, or what went wrong; the memory keeps what the method has learned from the prompt.</summary>
    /// <param name="result">Makes the result of what was finished.</param>
    public PrefillOutcome Outcome(Func<(KvCache Cache, AnswerCompactor? Answer, TimeSpan Selection), PrefillResult> result)
    {
        if (Error is not null)
            return new PrefillOutcome(null, Error);
        _compactor!.Remember();
        return new PrefillOutcome(result(_finished), null);
    }

    /// <summary>Frees what was held, not the finished cache.</summary>
    public void Dispose() => _compactor?.Dispose();

    /// <summary>Frees everything: the prompt was not read to its end.</summary>
    public void Abandon() => _compactor?.Abandon();

    private void Do(Action work)
    {
        if (Error is not null)
            return;
        try
        {
            work();
        }
        catch (Exception e) when (apart && e is not OperationCanceledException)
        {
            Error = e;
            // Its memory is as it was before the prompt.
            _compactor?.Abandon();
            _compactor = null;
        }
    }
}

/// <summary>What a reading leaves of one compression: a cache, or why there is none.</summary>
/// <param name="Result">The cache and the first token's logits; null after a failure.</param>
/// <param name="Error">The failure; null when there is a cache.</param>
internal sealed record PrefillOutcome(PrefillResult? Result, Exception? Error)
{
    /// <summary>The result.</summary>
    /// <exception cref="Exception">The failure, as it was thrown.</exception>
    public PrefillResult OrThrow()
    {
        if (Error is not null)
            ExceptionDispatchInfo.Throw(Error);
        return Result!;
    }
}
