using System.Diagnostics.CodeAnalysis;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Cache;

/// <summary>The keys and values that an answer attends to, layer by layer, and the token of each row.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class KvCache : IDisposable
{
    private readonly List<KvLayer> _layers = [];
    private readonly MRopePositions _positions;

    /// <summary>An empty cache for a prompt.</summary>
    public KvCache(TokenMap prompt, MRopePositions positions)
    {
        Prompt = prompt;
        _positions = positions;
    }

    /// <summary>The prompt that was read.</summary>
    public TokenMap Prompt { get; }

    /// <summary>The layers so far.</summary>
    public IReadOnlyList<KvLayer> Layers => _layers;

    /// <summary>Tokens seen so far, kept or not: the prompt's and the answer's.</summary>
    public int TokensSeen => _layers.Count == 0 ? 0 : (int)_layers[0].TokensSeen;

    /// <summary>Bytes of all keys and values held, measured.</summary>
    public long NBytes => _layers.Sum(l => l.NBytes);

    /// <summary>Bytes of all buffers, with the room for rows to come.</summary>
    public long AllocatedBytes => _layers.Sum(l => l.AllocatedBytes);

    /// <summary>Tensors held.</summary>
    internal long Tensors => _layers.Sum(l => l.Tensors.Count());

    /// <summary>Adds the next layer, which the cache then owns.</summary>
    public void Add(KvLayer layer) => _layers.Add(layer);

    /// <summary>The token of each row of a layer, in the order of storage.</summary>
    /// <param name="layer">Layer index from 0.</param>
    /// <param name="head">Key/value head index; any when all heads keep the same tokens.</param>
    public IReadOnlyList<KvRow> Rows(int layer, int head = 0)
    {
        var kv = _layers[layer];
        var tokens = kv.TokensOfRows();
        var row = kv.PerHead ? head : 0;
        var rows = new KvRow[kv.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var token = (int)tokens[row, i];
            var position = _positions.NextPosition + token - Prompt.Length;
            rows[i] = token < Prompt.Length
                ? new KvRow(
                    token,
                    _positions.Time[token],
                    _positions.Height[token],
                    _positions.Width[token],
                    Prompt.FrameOf[token],
                    Prompt.Classes[token])
                : new KvRow(token, position, position, position, -1, TokenClass.Assistant);
        }

        return rows;
    }

    /// <summary>The token of each row of every layer, [1 or heads, rows], brought to the host in one copy.</summary>
    public IReadOnlyList<long[,]> TokensOfRows()
    {
        using var scope = NewDisposeScope();
        var tokens = _layers.ConvertAll(l => l.TokenOfRow());
        var flat = cat([.. tokens.Select(t => t.flatten())]).cpu().data<long>().ToArray();
        var (lists, start) = (new List<long[,]>(tokens.Count), 0);
        foreach (var layer in tokens)
        {
            var rows = new long[layer.shape[0], layer.shape[1]];
            Buffer.BlockCopy(flat, start * sizeof(long), rows, 0, rows.Length * sizeof(long));
            lists.Add(rows);
            start += rows.Length;
        }

        return lists;
    }

    /// <summary>
    /// A copy without the rows of tokens [<paramref name="start"/>, <paramref name="end"/>), whose later tokens count on from
    /// <paramref name="start"/>; the answer's tokens become the prompt's.
    /// </summary>
    /// <param name="start">The first token to go.</param>
    /// <param name="end">The token after the last one to go.</param>
    /// <param name="tokens">All tokens seen that stay.</param>
    /// <param name="positions">Their positions.</param>
    internal KvCache Without(int start, int end, TokenMap tokens, MRopePositions positions)
    {
        using var scope = NewDisposeScope();
        // Text is worth more than screenshots, and of each the newest most.
        var worth = Enumerable.Range(0, TokensSeen)
            .Select(t => t < Prompt.Length && Prompt.Classes[t] == TokenClass.Vision ? t : t + (long)TokensSeen);
        var worths = tensor(worth.ToArray(), device: _layers[0].PeekKeys().device);
        return Copied(tokens, positions, l => l.Without(start, end, worths));
    }

    /// <summary>Forgets the answer's rows, of which none was chosen among the prompt's.</summary>
    internal void Rewind() => _layers.ForEach(l => l.TakeBack(l.PromptRows));

    /// <summary>A copy in the host's memory, whose answer's tokens became the prompt's.</summary>
    /// <param name="tokens">All tokens seen.</param>
    /// <param name="positions">Their positions.</param>
    internal KvCache OnHost(TokenMap tokens, MRopePositions positions) => Copied(tokens, positions, l => l.OnHost());

    /// <summary>A copy on a device.</summary>
    internal KvCache On(Device device) => Copied(Prompt, _positions, l => l.On(device));

    private KvCache Copied(TokenMap tokens, MRopePositions positions, Func<KvLayer, KvLayer> copy)
    {
        var copied = new KvCache(tokens, positions);
        try
        {
            _layers.ForEach(l => copied.Add(copy(l)));
            return copied;
        }
        catch
        {
            copied.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
    }
}

/// <summary>The token of one row of the cache.</summary>
/// <param name="Token">Its number in the uncompressed sequence, from 0.</param>
/// <param name="Time">Rotary time position.</param>
/// <param name="Height">Rotary height position.</param>
/// <param name="Width">Rotary width position.</param>
/// <param name="Frame">The screenshot it belongs to, oldest first from 0; −1 for text.</param>
/// <param name="Class">System, user text, vision or assistant.</param>
[Experimental("STARKV001")]
public readonly record struct KvRow(int Token, long Time, long Height, long Width, int Frame, TokenClass Class);
