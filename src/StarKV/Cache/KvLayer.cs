using static TorchSharp.torch;

namespace StarKV.Cache;

/// <summary>One layer's keys and values, for the G key/value heads only, with the token that each row came from.</summary>
/// <remarks>Keys are stored rotated, so a row keeps its position when its neighbours are dropped. Shapes: G heads, d head dimension.</remarks>
public sealed class KvLayer : IDisposable
{
    /// <summary>Rows added at a time when an answer outgrows the buffer.</summary>
    private const int Growth = 64;

    private readonly Tensor _tokens;
    private Tensor _keys, _values;

    /// <summary>Copies rows of a prompt's keys and values into buffers of the right size; the full-length tensors are not kept.</summary>
    /// <param name="keys">Rotated keys of the whole prompt, [G, L, d].</param>
    /// <param name="values">Values of the whole prompt, [G, L, d].</param>
    /// <param name="kept">
    /// Prompt tokens to keep, ascending, int64: [G, rows]; [1, rows] when all heads keep the same; [H, rows] stores a copy for every
    /// query head; null keeps all.
    /// </param>
    /// <param name="room">Rows to set aside for the answer.</param>
    public KvLayer(Tensor keys, Tensor values, Tensor? kept, int room)
    {
        using var scope = NewDisposeScope();
        HeadCopies = kept is null ? 1 : (int)Math.Max(1, kept.shape[0] / keys.shape[0]);
        if (HeadCopies > 1)
            (keys, values) = (keys.repeat_interleave(HeadCopies, 0), values.repeat_interleave(HeadCopies, 0));
        var (heads, length, dim) = (keys.shape[0], keys.shape[1], keys.shape[2]);
        _tokens = (kept ?? arange(length, ScalarType.Int64, keys.device).unsqueeze(0)).alias().DetachFromDisposeScope();
        PromptRows = Length = (int)_tokens.shape[1];
        _keys = empty([heads, Length + room, dim], keys.dtype, keys.device).DetachFromDisposeScope();
        _values = empty_like(_keys).DetachFromDisposeScope();
        if (kept is null)
        {
            _keys.narrow(1, 0, Length).copy_(keys);
            _values.narrow(1, 0, Length).copy_(values);
        }
        else
        {
            var rows = kept.unsqueeze(2).expand(heads, Length, dim);
            _keys.narrow(1, 0, Length).copy_(keys.gather(1, rows));
            _values.narrow(1, 0, Length).copy_(values.gather(1, rows));
        }
    }

    /// <summary>Rows held: kept prompt tokens and answer tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Rows that came from the prompt.</summary>
    public int PromptRows { get; }

    /// <summary>Copies stored of each key/value head: 1, or the query heads of a group when a method keeps tokens query head by query head.</summary>
    public int HeadCopies { get; }

    /// <summary>True when each head keeps tokens of its own.</summary>
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

    /// <summary>The prompt tokens that the rows came from, [1, G or H, prompt rows], on the host.</summary>
    public long[,] TokensOfRows()
    {
        using var scope = NewDisposeScope();
        var flat = _tokens.cpu().data<long>().ToArray();
        var rows = new long[_tokens.shape[0], PromptRows];
        Buffer.BlockCopy(flat, 0, rows, 0, flat.Length * sizeof(long));
        return rows;
    }

    /// <summary>Makes room for one more row and counts it; the caller writes it at the returned index of the borrowed buffers.</summary>
    internal (Tensor Keys, Tensor Values, int Row) ReserveRow()
    {
        if (Length == _keys.shape[1])
            (_keys, _values) = (Grow(_keys), Grow(_values));
        return (_keys, _values, Length++);
    }

    private Tensor Grow(Tensor buffer)
    {
        var larger = empty([buffer.shape[0], Length + Growth, buffer.shape[2]], buffer.dtype, buffer.device).DetachFromDisposeScope();
        using (var target = larger.narrow(1, 0, Length))
            target.copy_(buffer);
        buffer.Dispose();
        return larger;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _tokens.Dispose();
    }
}
