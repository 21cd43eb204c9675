using System.Diagnostics.CodeAnalysis;
using StarKV.Kernels;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Cache;

/// <summary>One layer's keys and values, for the G key/value heads only, with the token that each row came from.</summary>
/// <remarks>
/// Keys are stored rotated, so a row keeps its position when its neighbours are dropped.
/// Shapes: G heads, d head dimension. Not thread-safe: it belongs on the inference thread.
/// </remarks>
[Experimental("STARKV001")]
public sealed class KvLayer : IDisposable
{
    /// <summary>Rows added at a time when an answer outgrows the buffer.</summary>
    private const int Growth = 64;

    // Tokens of the first rows, [1 or heads, known]; each row after them holds the token after its neighbour's, from _nextToken on.
    private Tensor _tokens;
    private long _nextToken, _capacity;
    private Tensor _keys, _values;
    private Tensor? _window;

    /// <summary>Copies rows of a prompt's keys and values into buffers of the right size; the full-length tensors are not kept.</summary>
    /// <param name="keys">Rotated keys of the whole prompt, [G, L, d].</param>
    /// <param name="values">Values of the whole prompt, [G, L, d].</param>
    /// <param name="kept">
    /// Prompt tokens to keep, ascending, int64: [G, rows]; [1, rows] when all heads keep the same; [H, rows] stores a copy for every
    /// query head; null keeps all.
    /// </param>
    /// <param name="room">Rows to set aside for the answer.</param>
    public KvLayer(Tensor keys, Tensor values, Tensor? kept, int room)
        : this(keys, values, kept, room, null, keys.shape[1])
    {
    }

    /// <summary>Copies rows of a cache and of new tokens into buffers of the right size.</summary>
    /// <param name="keys">Keys of the cache's rows and of the new tokens after them, [S, L, d]; S heads stored.</param>
    /// <param name="values">Their values, [S, L, d].</param>
    /// <param name="kept">Rows to keep, ascending, int64, [1, rows] or a list for each head; null keeps all.</param>
    /// <param name="room">Rows to set aside for the answer.</param>
    /// <param name="earlier">What is known of the rows; null where row and token are the same.</param>
    /// <param name="nextToken">The number of the token that comes next.</param>
    internal KvLayer(Tensor keys, Tensor values, Tensor? kept, int room, EarlierRows? earlier, long nextToken)
    {
        using var scope = NewDisposeScope();
        var copies = kept is null ? 1 : (int)Math.Max(1, kept.shape[0] / keys.shape[0]);
        var (heads, dim) = (keys.shape[0] * copies, keys.shape[2]);
        HeadCopies = copies * (earlier?.HeadCopies ?? 1);
        KeepsWholePrompt = kept is null && (earlier?.DroppedNothing ?? true);
        _nextToken = nextToken;
        _tokens = (earlier?.TokensOf(kept) ?? kept ?? arange(nextToken, ScalarType.Int64, keys.device).unsqueeze(0)).alias();
        PromptRows = Length = (int)_tokens.shape[1];
        _keys = empty([heads, Length + room, dim], keys.dtype, keys.device);
        _values = empty_like(_keys);
        _capacity = Length + room;
        if (kept is null)
        {
            PeekKeys().copy_(keys);
            PeekValues().copy_(values);
        }
        else if (!RowGather.TryCopy(keys, values, kept, copies, _keys, _values))
        {
            PeekKeys().copy_(Rows(copies > 1 ? keys.repeat_interleave(copies, 0) : keys, kept));
            PeekValues().copy_(Rows(copies > 1 ? values.repeat_interleave(copies, 0) : values, kept));
        }

        // Only now: of a layer that could not be copied, for lack of memory, nothing may stay.
        _tokens.DetachFromDisposeScope();
        _keys.DetachFromDisposeScope();
        _values.DetachFromDisposeScope();
    }

    /// <summary>A layer of rows that were held before; it takes the tensors, which leave the open dispose scope.</summary>
    /// <param name="keys">The rows' keys, [S, rows, d].</param>
    /// <param name="values">Their values, [S, rows, d].</param>
    /// <param name="tokens">Their tokens, ascending, [1 or S, rows], int64.</param>
    /// <param name="headCopies">Copies that are stored of each key/value head.</param>
    /// <param name="keepsWholePrompt">Whether no token was dropped.</param>
    /// <param name="nextToken">The number of the token that comes next.</param>
    internal KvLayer(Tensor keys, Tensor values, Tensor tokens, int headCopies, bool keepsWholePrompt, long nextToken)
    {
        (_tokens, _keys, _values, _nextToken) = (tokens, keys, values, nextToken);
        (HeadCopies, KeepsWholePrompt) = (headCopies, keepsWholePrompt);
        PromptRows = Length = (int)tokens.shape[1];
        _capacity = values.shape[1];
        foreach (var tensor in Tensors)
            tensor.DetachFromDisposeScope();
    }

    /// <summary>Rows held: kept prompt tokens and answer tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Tokens seen so far, kept or not: the prompt's and the answer's.</summary>
    public long TokensSeen => _nextToken + Length - _tokens.shape[1];

    /// <summary>Rows held when the prompt had been read.</summary>
    public int PromptRows { get; }

    /// <summary>True when no prompt token was dropped.</summary>
    public bool KeepsWholePrompt { get; }

    /// <summary>
    /// Copies stored of each key/value head: 1, or the query heads of a group when a method keeps tokens query head by query head.
    /// </summary>
    public int HeadCopies { get; }

    /// <summary>True when each head keeps its own tokens.</summary>
    public bool PerHead => _tokens.shape[0] > 1;

    /// <summary>Bytes of the keys and values held, measured on the tensors.</summary>
    public long NBytes
    {
        get
        {
            using var keys = PeekKeys();
            using var values = PeekValues();
            return (keys.NumberOfElements + values.NumberOfElements) * _keys.ElementSize;
        }
    }

    /// <summary>Bytes of the buffers, with the room for rows to come.</summary>
    public long AllocatedBytes => _keys.NumberOfElements * _keys.ElementSize + _values.NumberOfElements * _values.ElementSize;

    /// <summary>The keys held, [G, rows, d]: a view that stays the cache's.</summary>
    public Tensor PeekKeys() => _keys.narrow(1, 0, Length);

    /// <summary>The values held, [G, rows, d]: a view that stays the cache's.</summary>
    public Tensor PeekValues() => _values.narrow(1, 0, Length);

    /// <summary>The last queries, [H, W, d], borrowed: the decoder moves each new one in. Null when none are kept.</summary>
    internal Tensor? PeekWindow() => _window;

    /// <summary>Opens the observation window with a copy of the prompt's last queries, [H, W, d].</summary>
    internal void OpenWindow(Tensor queries) => _window = queries.clone().DetachFromDisposeScope();

    /// <summary>
    /// The token of each row, [1, G or H, rows], int64: prompt tokens from 0, answer tokens counted on. The caller owns the tensor.
    /// </summary>
    public Tensor TokenOfRow()
    {
        var answer = arange(_nextToken, TokensSeen, ScalarType.Int64, _tokens.device);
        return cat([_tokens, answer.unsqueeze(0).expand(_tokens.shape[0], -1)], 1);
    }

    /// <summary>The token of each row, as <see cref="TokenOfRow"/> numbers them, copied to the host: [G or H, rows].</summary>
    public long[,] TokensOfRows()
    {
        using var scope = NewDisposeScope();
        var flat = TokenOfRow().cpu().data<long>().ToArray();
        var rows = new long[_tokens.shape[0], Length];
        Buffer.BlockCopy(flat, 0, rows, 0, flat.Length * sizeof(long));
        return rows;
    }

    /// <summary>
    /// The rows held, followed by those of the tokens that come next; the caller owns the tensors, the layer stays as it is.
    /// </summary>
    /// <param name="keys">Rotated keys of the new tokens, [G, n, d].</param>
    /// <param name="values">Their values, [G, n, d].</param>
    /// <returns>Keys and values [S, rows + n, d] of the S heads stored, and what is known of the rows.</returns>
    internal (Tensor Keys, Tensor Values, EarlierRows Earlier) Join(Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        var (tokens, next) = (TokenOfRow(), TokensSeen);
        var fresh = arange(next, next + keys.shape[1], ScalarType.Int64, tokens.device).unsqueeze(0).expand(tokens.shape[0], -1);
        return (
            Append(PeekKeys(), keys),
            Append(PeekValues(), values),
            new EarlierRows(Length, cat([tokens, fresh], 1).MoveToOuterDisposeScope(), HeadCopies, KeepsWholePrompt));

        Tensor Append(Tensor held, Tensor rows) =>
            cat([held, HeadCopies > 1 ? rows.repeat_interleave(HeadCopies, 0) : rows], 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A copy without the rows of tokens [<paramref name="start"/>, <paramref name="end"/>), whose later tokens count on from
    /// <paramref name="start"/>.
    /// </summary>
    /// <remarks>
    /// Heads that hold tokens of their own may lose different numbers of rows. All keep as many as the one that loses most: the others give
    /// up rows of least worth.
    /// </remarks>
    /// <param name="start">The first token to go.</param>
    /// <param name="end">The token after the last one to go.</param>
    /// <param name="worth">How much each token is worth, [tokens], int64, all different and not negative.</param>
    internal KvLayer Without(long start, long end, Tensor worth)
    {
        using var scope = NewDisposeScope();
        var tokens = TokenOfRow();
        var goes = tokens.ge(start).logical_and(tokens.lt(end));
        var worths = worth.index_select(0, tokens.flatten()).view(tokens.shape).masked_fill(goes, -1);
        var count = Length - goes.sum(1).max().item<long>();
        var (rows, _) = sort(worths.topk((int)count, dim: 1, largest: true, sorted: false).indexes, 1);
        var kept = tokens.gather(1, rows);
        var moved = where(kept.ge(end), kept - (end - start), kept);
        return new KvLayer(
            Rows(PeekKeys(), rows), Rows(PeekValues(), rows), moved, HeadCopies, KeepsWholePrompt,
            TokensSeen - (Math.Min(end, TokensSeen) - start));
    }

    /// <summary>A copy of the rows in the host's memory, without room for more; pinned where a card held them.</summary>
    internal KvLayer OnHost()
    {
        using var scope = NewDisposeScope();
        return new KvLayer(Copy(PeekKeys()), Copy(PeekValues()), TokenOfRow().cpu(), HeadCopies, KeepsWholePrompt, TokensSeen);

        static Tensor Copy(Tensor rows)
        {
            var copy = HostTensor.Empty(rows.shape, rows.dtype, rows.device);
            return copy.copy_(rows);
        }
    }

    /// <summary>A copy of the rows on a device.</summary>
    internal KvLayer On(Device device)
    {
        using var scope = NewDisposeScope();
        return new KvLayer(Copy(PeekKeys()), Copy(PeekValues()), Copy(TokenOfRow()), HeadCopies, KeepsWholePrompt, TokensSeen);

        // From pinned memory the card fetches by itself; libtorch keeps that memory until it has.
        Tensor Copy(Tensor rows) => rows.to(device, non_blocking: true, copy: true);
    }

    /// <summary>Drops every row but these.</summary>
    /// <param name="rows">Row numbers, ascending, int64: [1, rows] for all heads alike, or one list for each stored head.</param>
    public void Keep(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var (count, tokens) = ((int)rows.shape[1], TokenOfRow());
        var lists = Math.Max(rows.shape[0], tokens.shape[0]);
        var kept = tokens.expand(lists, -1).gather(1, rows.expand(lists, -1));
        _keys.narrow(1, 0, count).copy_(Rows(PeekKeys(), rows));
        _values.narrow(1, 0, count).copy_(Rows(PeekValues(), rows));
        _nextToken = TokensSeen;
        _tokens.Dispose();
        (_tokens, Length) = (kept.DetachFromDisposeScope(), count);
    }

    /// <summary>Makes room for one more row and counts it; the caller writes it at the returned index of the borrowed buffers.</summary>
    internal (Tensor Keys, Tensor Values, int Row) ReserveRow()
    {
        // Of the two the values grow last: a lack of memory in between leaves the next call the rest.
        if (Length == _capacity)
        {
            _keys = Grow(_keys);
            _values = Grow(_values);
            _capacity = _values.shape[1];
        }

        return (_keys, _values, Length++);
    }

    /// <summary>Takes rows back that were set aside last and not written.</summary>
    /// <param name="length">Rows that stay; those of the prompt at least.</param>
    internal void TakeBack(int length) => Length = length;

    /// <summary>All tensors that the layer owns.</summary>
    internal IEnumerable<Tensor> Tensors => new[] { _keys, _values, _tokens, _window }.OfType<Tensor>();

    /// <summary>Rows of keys or values, [S, n, d].</summary>
    /// <param name="from">All rows, [S, L, d].</param>
    /// <param name="rows">Row numbers, [1, n] for all heads alike, or one list for each head.</param>
    internal static Tensor Rows(Tensor from, Tensor rows) =>
        from.gather(1, rows.unsqueeze(2).expand(from.shape[0], rows.shape[1], from.shape[2]));

    private static Tensor Grow(Tensor buffer)
    {
        using var scope = NewDisposeScope();
        var larger = empty([buffer.shape[0], buffer.shape[1] + Growth, buffer.shape[2]], buffer.dtype, buffer.device);
        larger.narrow(1, 0, buffer.shape[1]).copy_(buffer);
        buffer.Dispose();
        return larger.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
            tensor.Dispose();
    }
}
