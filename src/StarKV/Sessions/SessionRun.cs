using StarKV.Compact;
using StarKV.Models;
using StarKV.Prefill;

namespace StarKV.Sessions;

/// <summary>
/// One step's reading in a session, layer by layer: its holder decides when the next layer is read, so that other work fits in between.
/// </summary>
/// <remarks>Until it has given its <see cref="Finish"/>, disposing it leaves the session as it was before.</remarks>
internal sealed class SessionRun : IDisposable
{
    private readonly KvSession _session;
    private readonly TextDecoder _decoder;
    private readonly SessionStep _step;
    private readonly Compression _compression;
    private readonly PrefillOptions _options;
    private readonly SessionRows? _known;
    private readonly KvStorage _storage;
    private readonly bool _rebuilt, _rebased;
    private readonly Text.MRopePositions _positions;
    private StoredTokens? _stored;
    private PrefillRun? _run;
    private bool _finished;

    /// <summary>Takes over what a session knows of a step.</summary>
    /// <param name="session">The session, which made it.</param>
    /// <param name="decoder">The text decoder.</param>
    /// <param name="step">The conversation.</param>
    /// <param name="compression">Method, budget and memory.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="known">The rows that need not be read again; taken. Null for none.</param>
    /// <param name="storage">Where the step's rows go.</param>
    /// <param name="rebuilt">Whether everything is read again that was read before.</param>
    /// <param name="rebased">Whether that is for want of positions.</param>
    /// <exception cref="StarKvException">The conversation does not fit into the model's positions.</exception>
    public SessionRun(
        KvSession session, TextDecoder decoder, SessionStep step, Compression compression, PrefillOptions options, SessionRows? known,
        KvStorage storage, bool rebuilt, bool rebased)
    {
        (_session, _decoder, _step, _compression, _options) = (session, decoder, step, compression, options);
        (_known, _storage, _rebuilt, _rebased) = (known, storage, rebuilt, rebased);
        _positions = known is null ? decoder.Positions(step.Sequence) : known.Positions.Then(step.Sequence.Without(0, First));
        ContextLength.Check(decoder.MaxPositions, _positions, step.AnswerTokens);
    }

    /// <summary>The first token to read.</summary>
    public int First => _known?.Tokens.Length ?? 0;

    /// <summary>The first screenshot to encode; those before it are known.</summary>
    public int FirstFrame => _step.Sequence.Frames.Count(f => f.Start < First);

    /// <summary>Begins to read.</summary>
    /// <param name="screens">Features of the screenshots to encode, oldest first; borrowed until the run is disposed.</param>
    /// <returns>Layers to read.</returns>
    public int Open(IReadOnlyList<ScreenFeatures> screens)
    {
        _stored = _session.Stored(_known, _step.Sequence, First, _storage);
        var before = _stored as IEarlierTokens ?? (_known?.Cache is { } cache ? new CachedTokens(cache) : null);
        _run = new PrefillRun(
            _decoder, before, _step.Sequence, screens, [_compression], _options, apart: false, positions: _positions);
        return _run.Layers;
    }

    /// <summary>Reads the next layer; false, with nothing done, when all are read.</summary>
    /// <param name="cancellation">Checked before the layer and before every selection.</param>
    public bool MoveNext(CancellationToken cancellation) => _run!.MoveNext(cancellation);

    /// <summary>What was read, once all layers are; the caller owns it, and follows with <see cref="KvSession.Commit"/>.</summary>
    /// <param name="cancellation">Checked first, and before every layer that was held back.</param>
    public SessionReading Finish(CancellationToken cancellation)
    {
        var result = _run!.Finish(cancellation)[0].OrThrow();
        try
        {
            var store = _storage == KvStorage.Evict ? null : _stored!.Grown();
            _finished = true;
            return new SessionReading(_step, _positions, First, _storage, result, store) { Rebuilt = _rebuilt, Rebased = _rebased };
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Dispose();
        _known?.Dispose();
        if (!_finished)
            _session.Abandon();
    }
}
