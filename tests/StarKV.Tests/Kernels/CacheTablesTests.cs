using StarKV.Kernels;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Tests.Kernels;

/// <summary>The tables of where several sessions' caches lie.</summary>
public sealed class CacheTablesTests : IDisposable
{
    private const int Layers = 3, Heads = 2;
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly List<List<(Tensor Keys, Tensor Values)>> _caches;

    public CacheTablesTests() => _caches =
    [
        .. Enumerable.Range(0, Layers).Select(layer => Enumerable.Range(0, 2).Select(session => (Buffer(session), Buffer(session))).ToList()),
    ];

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_table_says_where_each_cache_lies_and_which_row_is_next()
    {
        using var tables = new CacheTables(At(5, 9), CPU);

        var (keys, values) = _caches[1][1];
        Assert.Equal([TensorAddress.Of(keys), TensorAddress.Of(values), keys.stride(0), 9], tables.Table(1)[1].data<long>().ToArray());
        Assert.Equal((2, 0, 10, Heads), (tables.Sessions, tables.After, tables.Longest, tables.StoredHeads(2)));
    }

    [Fact]
    public void Later_tokens_are_followed_while_all_caches_grow_in_place()
    {
        using var tables = new CacheTables(At(5, 9), CPU);

        Assert.True(tables.TryFollow(At(6, 10)));
        Assert.True(tables.TryFollow(At(8, 12)));
        Assert.Equal((3, 13), (tables.After, tables.Longest));
    }

    [Fact]
    public void Caches_that_moved_shrank_or_belong_to_others_are_not_followed()
    {
        using var tables = new CacheTables(At(5, 9), CPU);

        Assert.False(tables.TryFollow(At(6, 11)));
        Assert.False(tables.TryFollow(At(4, 8)));
        Assert.False(tables.TryFollow([.. At(6, 10).Select(layer => layer.Take(1).ToList())]));
        _caches[2][0] = (Buffer(0), _caches[2][0].Values);
        Assert.False(tables.TryFollow(At(6, 10)));
        Assert.Equal(0, tables.After);
    }

    private static Tensor Buffer(int session) => zeros([Heads, 16 + session, 4]);

    private List<List<(Tensor Keys, Tensor Values, int Row)>> At(int first, int second) =>
        [.. _caches.Select(layer => layer.Select((c, session) => (c.Keys, c.Values, session == 0 ? first : second)).ToList())];
}
