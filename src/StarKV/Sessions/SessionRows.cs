using StarKV.Cache;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Sessions;

/// <summary>What a session holds between two steps. It never changes; a step makes another, and forks share it.</summary>
/// <param name="Tokens">All tokens whose rows it may hold.</param>
/// <param name="Positions">Their rotary positions.</param>
/// <param name="Frames">What tells each of their screenshots from others, oldest first.</param>
/// <param name="Store">All rows in the host's memory; null where none are kept there.</param>
/// <param name="Cache">The rows on the device, which nothing is written to any more; null where none stay there.</param>
internal sealed record SessionRows(
    TokenMap Tokens, MRopePositions Positions, IReadOnlyList<string> Frames, KvStore? Store, KvCache? Cache) : IDisposable
{
    private readonly Holders _holders = new();

    // Asked of many sessions at a time, and the tensors never change.
    private long? _deviceBytes, _hostBytes;

    /// <value>Whether the cache waits in the host's memory, where no step can use it; default false.</value>
    public bool CacheIsAway { get; init; }

    /// <summary>Bytes on the device, with room that is set aside.</summary>
    public long DeviceBytes => _deviceBytes ??= CacheIsAway ? 0 : Cache?.AllocatedBytes ?? 0;

    /// <summary>Bytes in the host's memory; forks that share them count them too.</summary>
    public long HostBytes => _hostBytes ??= (Store?.NBytes ?? 0) + (CacheIsAway ? Cache!.AllocatedBytes : 0);

    /// <summary>These rows with the cache in the host's memory.</summary>
    public SessionRows Offloaded() => Cache is null || CacheIsAway
        ? Share()
        : new SessionRows(Tokens, Positions, Frames, Store?.Share(), Cache.OnHost(Tokens, Positions)) { CacheIsAway = true };

    /// <summary>These rows with the cache on the device.</summary>
    public SessionRows Fetched(Device device) => Cache is null || !CacheIsAway
        ? Share()
        : new SessionRows(Tokens, Positions, Frames, Store?.Share(), Cache.On(device));

    /// <summary>One more session holds these rows.</summary>
    public SessionRows Share()
    {
        _holders.Count++;
        return this;
    }

    /// <summary>Tokens with which both sequences begin, the screenshots among them being equal.</summary>
    public int CommonPrefix(TokenMap sequence, IReadOnlyList<string> frames)
    {
        var common = Tokens.CommonPrefix(sequence);
        for (var i = 0; i < Math.Min(Frames.Count, frames.Count) && sequence.Frames[i].Start < common; i++)
        {
            if (Frames[i] != frames[i])
                return sequence.Frames[i].Start;
        }

        return common;
    }

    /// <summary>These rows without those of a range of tokens; the positions of the others stay.</summary>
    public SessionRows Without(int start, int end)
    {
        var (tokens, positions) = (Tokens.Without(start, end), Positions.Without(start, end));
        var frames = Frames.Where((_, i) => Tokens.Frames[i].Start < start || Tokens.Frames[i].Start >= end).ToList();
        var store = Store?.Without(Math.Min(start, Store.Length), Math.Min(end, Store.Length));
        return new SessionRows(tokens, positions, frames, store, Cache?.Without(start, end, tokens, positions));
    }

    /// <summary>The rows of the first <paramref name="tokens"/> tokens.</summary>
    public SessionRows First(int tokens)
    {
        if (tokens == Tokens.Length)
            return Share();
        var (map, positions) = (Tokens.First(tokens), Positions.First(tokens));
        return new SessionRows(
            map, positions, [.. Frames.Take(map.Frames.Count)], Store?.First(Math.Min(tokens, Store.Length)),
            Cache?.Without(tokens, Tokens.Length, map, positions));
    }

    /// <summary>One less session holds these rows; the last one frees them.</summary>
    public void Dispose()
    {
        if (--_holders.Count > 0)
            return;
        Store?.Dispose();
        Cache?.Dispose();
    }

    // An object, so that a record's copies would not count apart.
    private sealed class Holders
    {
        public int Count { get; set; } = 1;
    }
}
