using System.Diagnostics.CodeAnalysis;
using StarKV.Account;
using StarKV.Cache;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Sessions;

/// <summary>
/// The rows of one conversation between its steps: of each step's whole conversation it reads only what it does not know.
/// </summary>
/// <remarks>
/// A step is a reading, an answer written on its cache, and <see cref="Commit"/>; what ends before that leaves the session as it was.
/// docs/sessions.md has the rules. Not thread-safe: it belongs on the inference thread.
/// </remarks>
[Experimental("STARKV001")]
public sealed class KvSession : IDisposable
{
    private readonly TextDecoder _decoder;
    private readonly KvShape _shape;
    private readonly long _hostBytes;
    private LayerMemory _memory = new();
    private LayerMemory? _before;
    private bool _forgot;

    /// <summary>Opens an empty session.</summary>
    /// <param name="model">The model.</param>
    /// <param name="storage">Where the rows are kept that the cache does not hold.</param>
    /// <param name="hostBytes">Most bytes of rows in the host's memory; a session that would need more goes on as one that evicts.</param>
    public KvSession(IVisionLanguageModel model, KvStorage storage, long hostBytes)
    {
        _decoder = model.Text;
        var text = model.Config.Text;
        _shape = new KvShape(text.Layers, text.KvHeads, text.HeadDim);
        (Storage, _hostBytes) = (storage, hostBytes);
    }

    /// <summary>Opens a session that goes on from what a file has.</summary>
    /// <inheritdoc cref="KvSession(IVisionLanguageModel, KvStorage, long)"/>
    /// <param name="model">The model.</param>
    /// <param name="storage">Where the rows are kept that the cache does not hold.</param>
    /// <param name="hostBytes">Most bytes of rows in the host's memory.</param>
    /// <param name="rows">What is held; taken. Null for nothing.</param>
    /// <param name="memory">What the method remembers; taken.</param>
    internal KvSession(IVisionLanguageModel model, KvStorage storage, long hostBytes, SessionRows? rows, LayerMemory memory)
        : this(model, storage, hostBytes) => (Rows, _memory) = (rows, memory);

    private KvSession(KvSession from)
    {
        (_decoder, _shape, _hostBytes, Storage) = (from._decoder, from._shape, from._hostBytes, from.Storage);
        (_memory, Rows, _forgot) = (from._memory.Copy(), from.Rows?.Share(), from._forgot);
        CanBeReadAgain = from.CanBeReadAgain;
    }

    /// <summary>Where the rows are kept that the cache does not hold, as long as the host may hold them.</summary>
    public KvStorage Storage { get; }

    /// <summary>Whether the next step can read everything again; false where screenshots have no pixels any more.</summary>
    internal bool CanBeReadAgain { get; init; } = true;

    /// <summary>What the last finished step left; null before the first.</summary>
    internal SessionRows? Rows { get; private set; }

    /// <summary>What a step had read whose asker left; borrowed. Null (default) for none.</summary>
    internal HeldReading? Held { get; private set; }

    /// <summary>Bytes on the device.</summary>
    internal long DeviceBytes => (Rows?.DeviceBytes ?? 0) + (Held?.DeviceBytes ?? 0);

    /// <summary>Bytes in the host's memory: what is held has most of the rows, and those of what is new.</summary>
    internal long HostBytes => Math.Max(Rows?.HostBytes ?? 0, Held?.HostBytes ?? 0);

    /// <summary>What the method remembers; borrowed.</summary>
    internal LayerMemory Memory => _memory;

    /// <summary>Another session that goes on from here; nothing is copied but what the method remembers.</summary>
    public KvSession Fork() => new(this);

    /// <summary>Reads what is new in a conversation and builds the cache for its answer.</summary>
    /// <remarks>One reading at a time: it is followed by <see cref="Commit"/> or <see cref="Abandon"/>.</remarks>
    /// <param name="step">The conversation, and what leaves it first.</param>
    /// <param name="encode">Encodes the screenshots from a given one on; the features belong to the open dispose scope.</param>
    /// <param name="compression">Method and budget.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="cancellation">Checked before every layer and every selection.</param>
    public SessionReading Read(
        SessionStep step, Func<int, IReadOnlyList<ScreenFeatures>> encode, Compression compression, PrefillOptions options,
        CancellationToken cancellation)
    {
        using var run = Begin(step, compression, options);
        using var scope = NewDisposeScope();
        run.Open(encode(run.FirstFrame));
        while (run.MoveNext(cancellation))
        {
        }

        return run.Finish(cancellation);
    }

    /// <summary>Begins to read what is new in a conversation; no layer is read yet.</summary>
    /// <remarks>One reading at a time: it is followed by <see cref="Commit"/> or <see cref="Abandon"/>.</remarks>
    /// <param name="step">The conversation, and what leaves it first.</param>
    /// <param name="compression">Method and budget.</param>
    /// <param name="options">Sizes.</param>
    internal SessionRun Begin(SessionStep step, Compression compression, PrefillOptions options)
    {
        DropHeld();
        _before?.Dispose();
        _before = _memory.Copy();
        SessionRows? known = null;
        try
        {
            using var scope = NewDisposeScope();
            Take(Rows?.Fetched(_decoder.Compute.Device));
            (known, var rebased) = Known(step, compression);
            return new SessionRun(
                this, _decoder, step, compression with { Memory = _memory }, options, known, StorageFor(step.Sequence, compression),
                rebuilt: known is null && (Rows is not null || _forgot), rebased);
        }
        catch
        {
            known?.Dispose();
            Abandon();
            throw;
        }
    }

    /// <summary>Ends a step whose answer is written: the session is what it has read, and the answer.</summary>
    /// <param name="reading">What the step has read; taken.</param>
    /// <param name="answer">The answer's tokens, without the end token.</param>
    public void Commit(SessionReading reading, IReadOnlyList<int> answer)
    {
        var (sequence, positions, cache) = (reading.Step.Sequence, reading.Positions, reading.Result.Cache);
        if (reading.Storage == KvStorage.Lossless)
        {
            cache = null;
        }
        else if (cache.TokensSeen > sequence.Length)
        {
            // The last token of an answer is named, but not read.
            var written = answer.Take(cache.TokensSeen - sequence.Length).ToArray();
            var map = new TokenMap(written, [.. written.Select(_ => TokenClass.Assistant)], []);
            (sequence, positions) = (sequence.Then(map), positions.Then(map));
        }

        // Rows that left with a screenshot free their blocks.
        var store = reading.Store?.Packed(_decoder.Compute);
        reading.Store?.Dispose();
        Take(new SessionRows(sequence, positions, reading.Step.Frames, store, cache));
        _forgot = false;
        reading.Result.DisposeBut(cache);
    }

    /// <summary>
    /// The method remembers what it did before the last reading: after a step that ended without an answer, or to take a finished one back.
    /// </summary>
    public void Abandon()
    {
        if (_before is null)
            return;
        _memory.Dispose();
        (_memory, _before) = (_before, null);
    }

    /// <summary>
    /// Ends a step whose asker left after everything was read: the session is as it was, and what was read waits for an equal step, or for
    /// <see cref="DropHeld"/>. A cache that was compressed again for the answer is not what it was, and is freed.
    /// </summary>
    /// <param name="reading">What the step has read; taken.</param>
    /// <param name="generation">How the answer was to be written.</param>
    internal void Hold(SessionReading reading, GenerationOptions generation)
    {
        if (reading.Result.AnswerCompactor is not null || _before is null)
        {
            reading.Dispose();
            Abandon();
            return;
        }

        reading.Result.Cache.Rewind();
        Held = new HeldReading(reading, _memory, generation);
        (_memory, _before) = (_before, null);
    }

    /// <summary>What an equal step had read, instead of reading it; <see cref="Commit"/>, or whatever ends a step, follows.</summary>
    internal SessionReading TakeHeld()
    {
        var held = Held!;
        _before?.Dispose();
        (Held, _before, _memory) = (null, _memory, held.Memory);
        held.Reading.IsHeld = true;
        return held.Reading;
    }

    /// <summary>Frees what a step had read whose asker left.</summary>
    internal void DropHeld()
    {
        Held?.Dispose();
        Held = null;
    }

    /// <summary>Moves the cache to the host's memory; the next reading brings it back.</summary>
    public void Offload() => Take(Rows?.Offloaded());

    /// <summary>What is held.</summary>
    /// <param name="attended">What the last answer attended to.</param>
    /// <param name="kept">Which tokens those were.</param>
    public SessionKv Report(KvReport? attended, KeptTokens? kept) => Rows is not { } rows
        ? new SessionKv(0, 0, 0, 0, 0, attended, kept)
        : new SessionKv(
            rows.Tokens.Length, rows.Positions.NextPosition, rows.DeviceBytes, rows.HostBytes,
            rows.Tokens.Length * _shape.TokenBytes(_decoder.Compute), attended, kept);

    /// <summary>Forgets all rows: the next step reads the whole conversation.</summary>
    public void Clear()
    {
        _forgot |= Rows is not null;
        Take(null);
        DropHeld();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        _memory.Dispose();
        _before?.Dispose();
    }

    private void Take(SessionRows? rows)
    {
        Rows?.Dispose();
        Rows = rows;
    }

    private KvStorage StorageFor(TokenMap sequence, Compression compression) =>
        compression.KeepsEverything || Rows is { Store: null } || _shape.TokenBytes(_decoder.Compute) * sequence.Length > _hostBytes
            ? KvStorage.Evict
            : Storage;

    /// <summary>
    /// The rows that need not be read again; null when there are none, or when positions have grown so far that the model has none left for
    /// what is new (rebased): gaps between them are closed by reading everything.
    /// </summary>
    private (SessionRows? Known, bool Rebased) Known(SessionStep step, Compression compression)
    {
        using var left = WithoutDropped(step);
        var first = left is null ? 0 : FirstToRead(left, step, compression);
        if (first == 0)
            return (null, false);
        var known = left!.First(first);
        var next = known.Positions.Then(step.Sequence.Without(0, first)).NextPosition;
        if (next + step.AnswerTokens <= _decoder.MaxPositions)
            return (known, false);
        known.Dispose();
        return (null, true);
    }

    /// <summary>What is held, without what leaves the conversation.</summary>
    private SessionRows? WithoutDropped(SessionStep step)
    {
        var left = Rows?.Share();
        foreach (var (start, end) in step.Dropped)
        {
            if (left is null)
                break;
            using var all = left;
            left = all.Without(start, end);
            _memory.Forget(start, end);
        }

        return left;
    }

    /// <summary>
    /// The first token to read: after the last known one, but early enough for the window, and never within a screenshot.
    /// </summary>
    private static int FirstToRead(SessionRows known, SessionStep step, Compression compression)
    {
        var sequence = step.Sequence;
        // Of tokens in the store there are no queries, so the window is read again.
        var window = known.Store is null ? 1 : Math.Clamp(compression.WindowOf(sequence), 1, sequence.Length);
        var first = Math.Min(known.CommonPrefix(sequence, step.Frames), sequence.Length - window);
        if (known.Store is { } store && known.Cache is null)
            first = Math.Min(first, store.Length);
        return sequence.FrameOf[first] is >= 0 and var frame ? sequence.Frames[frame].Start : first;
    }

    /// <summary>A reading with the host's rows; null where there are none, and none are to be kept there.</summary>
    internal StoredTokens? Stored(SessionRows? known, TokenMap sequence, int first, KvStorage storage)
    {
        if (storage == KvStorage.Evict && known?.Store is null)
            return null;
        using var none = new KvStore(_shape);
        return new StoredTokens(
            known?.Store ?? none, sequence, first, storage == KvStorage.Lossless ? null : known?.Cache, _decoder.Compute,
            keep: storage != KvStorage.Evict);
    }
}
