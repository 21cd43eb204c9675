using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// Where the caches of several sessions lie in every layer, as the attention of all of them reads it on the card; it serves the tokens
/// after it too, as long as the caches only grow in place.
/// </summary>
/// <remarks>
/// Making it waits for the card and takes a microsecond for each layer of each session, while the card has nothing to do. Not thread-safe.
/// </remarks>
internal sealed class CacheTables : IDisposable
{
    private const int Fields = 4;
    private readonly IReadOnlyList<IReadOnlyList<(Tensor Keys, Tensor Values, int Row)>> _first;
    private readonly int[] _stored;
    private readonly Tensor[] _tables;
    private readonly int _longest;

    /// <summary>Writes down where the caches lie.</summary>
    /// <param name="rows">For every layer and session keys and values, [S, capacity, d], and the token's row in them; borrowed.</param>
    /// <param name="device">Where the tables go.</param>
    public CacheTables(IReadOnlyList<IReadOnlyList<(Tensor Keys, Tensor Values, int Row)>> rows, Device device)
    {
        (_first, Sessions) = (rows, rows[0].Count);
        _stored = [.. rows.Select(layer => (int)layer[0].Keys.shape[0])];
        _longest = rows.Max(layer => layer.Max(session => session.Row)) + 1;
        // Addresses and rows of all layers go to the card at once: a copy waits for the card.
        var table = new long[rows.Count * Sessions * Fields];
        for (var layer = 0; layer < rows.Count; layer++)
        {
            for (var session = 0; session < Sessions; session++)
            {
                var (keys, values, row) = rows[layer][session];
                ReadOnlySpan<long> fields = [TensorAddress.Of(keys), TensorAddress.Of(values), keys.stride(0), row];
                fields.CopyTo(table.AsSpan((layer * Sessions + session) * Fields));
            }
        }

        using var scope = NewDisposeScope();
        _tables = [.. tensor(table, device: device).view(rows.Count, Sessions, Fields).unbind()];
        foreach (var one in _tables)
            one.DetachFromDisposeScope();
    }

    /// <summary>Sessions B.</summary>
    public int Sessions { get; }

    /// <summary>Rows that each session has got since the tables were made.</summary>
    public int After { get; private set; }

    /// <summary>Rows of the longest cache, the token's own counted.</summary>
    public int Longest => _longest + After;

    /// <summary>Key/value heads S that the sessions store in a layer.</summary>
    public int StoredHeads(int layer) => _stored[layer];

    /// <summary>
    /// A layer's table, [B, 4], int64, borrowed: addresses of keys and values, numbers from one head to the next, the first token's row.
    /// </summary>
    public Tensor Table(int layer) => _tables[layer];

    /// <summary>Goes on to a later token; false, and nothing is changed, where other sessions write it or a cache has moved.</summary>
    /// <param name="rows">As for the constructor.</param>
    public bool TryFollow(IReadOnlyList<IReadOnlyList<(Tensor Keys, Tensor Values, int Row)>> rows)
    {
        if (rows.Count != _first.Count || rows[0].Count != Sessions)
            return false;
        var after = rows[0][0].Row - _first[0][0].Row;
        if (after < 0)
            return false;
        for (var layer = 0; layer < rows.Count; layer++)
        {
            for (var session = 0; session < Sessions; session++)
            {
                var (before, now) = (_first[layer][session], rows[layer][session]);
                if (!ReferenceEquals(now.Keys, before.Keys) || !ReferenceEquals(now.Values, before.Values) || now.Row - before.Row != after)
                    return false;
            }
        }

        After = after;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in _tables)
            table.Dispose();
    }
}
