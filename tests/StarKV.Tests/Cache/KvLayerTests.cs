using StarKV.Cache;
using static TorchSharp.torch;

namespace StarKV.Tests.Cache;

public sealed class KvLayerTests
{
    private const int Heads = 2, Length = 10, Dim = 4;

    /// <summary>Keys whose first channel is 100·head + token; values are the negatives.</summary>
    private static Tensor Keys()
    {
        var numbers = (arange(Heads).unsqueeze(1) * 100 + arange(Length).unsqueeze(0)).to(ScalarType.Float32);
        return numbers.unsqueeze(2).expand(Heads, Length, Dim).contiguous();
    }

    private static float[] Firsts(Tensor held) => [.. held.select(2, 0).contiguous().data<float>()];

    [Fact]
    public void Everything_is_kept_without_indices() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var layer = new KvLayer(keys, -keys, null, 3);
        Assert.Equal((10, 10, false), (layer.Length, layer.PromptRows, layer.PerHead));
        Assert.Equal(Firsts(keys), Firsts(layer.PeekKeys()));
        Assert.Equal(Firsts(-keys), Firsts(layer.PeekValues()));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), layer.TokensOfRows().Cast<long>());
        Assert.Equal(2 * Heads * 10 * Dim * 4, layer.NBytes);
        Assert.Equal(2 * Heads * 13 * Dim * 4, layer.AllocatedBytes);
    });

    [Fact]
    public void Shared_indices_keep_the_same_tokens_of_every_head() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 1, 4, 9 } }), 0);
        Assert.Equal((3, false), (layer.Length, layer.PerHead));
        Assert.Equal([1, 4, 9, 101, 104, 109], Firsts(layer.PeekKeys()));
        Assert.Equal([-1, -4, -9, -101, -104, -109], Firsts(layer.PeekValues()));
        Assert.Equal(2 * Heads * 3 * Dim * 4, layer.NBytes);
        Assert.Equal(layer.NBytes, layer.AllocatedBytes);
    });

    [Fact]
    public void Indices_per_head_keep_different_tokens() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 0, 9 }, { 3, 5 } }), 0);
        Assert.True(layer.PerHead);
        Assert.Equal([0, 9, 103, 105], Firsts(layer.PeekKeys()));
        Assert.Equal([0, 9, 3, 5], layer.TokensOfRows().Cast<long>());
    });

    [Fact]
    public void The_cache_does_not_share_memory_with_the_prompt_s_tensors() => TorchThread.Run(() =>
    {
        var (keys, all) = (Keys(), Keys());
        using var kept = new KvLayer(keys, keys, tensor(new long[,] { { 2 } }), 0);
        using var whole = new KvLayer(keys, keys, null, 0);
        keys.fill_(-7);
        Assert.Equal([2, 102], Firsts(kept.PeekKeys()));
        Assert.Equal(Firsts(all), Firsts(whole.PeekKeys()));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    public void Growing_beyond_the_room_keeps_what_is_there(int room) => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 1, 4 } }), room);
        for (var i = 0; i < 150; i++)
        {
            var (keyRows, valueRows, row) = layer.ReserveRow();
            Assert.Equal(2 + i, row);
            keyRows.narrow(1, row, 1).fill_(1000 + i);
            valueRows.narrow(1, row, 1).fill_(-1000 - i);
        }

        Assert.Equal((152, 2), (layer.Length, layer.PromptRows));
        float[] added = [.. Enumerable.Range(1000, 150).Select(i => (float)i)];
        Assert.Equal([1, 4, .. added, 101, 104, .. added], Firsts(layer.PeekKeys()));
        Assert.Equal([-1, -4], Firsts(layer.PeekValues())[..2]);
        Assert.Equal(-1149, Firsts(layer.PeekValues())[^1]);
        Assert.Equal(2 * Heads * 152 * Dim * 4, layer.NBytes);
        Assert.InRange(layer.AllocatedBytes, layer.NBytes, layer.NBytes + 2 * Heads * 64 * Dim * 4);
    });

    /// <summary>Adds a row for the next token; its key is 1000 + <paramref name="token"/> in every head.</summary>
    private static void Append(KvLayer layer, int token)
    {
        var (keys, values, row) = layer.ReserveRow();
        keys.narrow(1, row, 1).fill_(1000 + token);
        values.narrow(1, row, 1).fill_(-1000 - token);
    }

    [Fact]
    public void Rows_kept_of_all_heads_leave_each_with_its_token() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 1, 4, 9 } }), 1);
        Append(layer, 10);
        Append(layer, 11);
        layer.Keep(tensor(new long[,] { { 0, 2, 4 } }));
        Assert.Equal((3, 3, false), (layer.Length, layer.PromptRows, layer.PerHead));
        Assert.Equal([1, 9, 1011, 101, 109, 1011], Firsts(layer.PeekKeys()));
        Assert.Equal([-1, -9, -1011, -101, -109, -1011], Firsts(layer.PeekValues()));
        Assert.Equal([1, 9, 11], layer.TokensOfRows().Cast<long>());
        Append(layer, 12);
        Assert.Equal([1, 9, 11, 12], layer.TokensOfRows().Cast<long>());
        Assert.Equal([1, 9, 1011, 1012, 101, 109, 1011, 1012], Firsts(layer.PeekKeys()));
        Assert.Equal(2 * Heads * 4 * Dim * 4, layer.NBytes);
    });

    [Fact]
    public void Rows_kept_head_by_head_make_the_heads_differ_from_then_on() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 1, 4, 9 } }), 0);
        Append(layer, 10);
        layer.Keep(tensor(new long[,] { { 0, 1 }, { 2, 3 } }));
        Assert.True(layer.PerHead);
        Assert.Equal([1, 4, 109, 1010], Firsts(layer.PeekKeys()));
        Assert.Equal([1, 4, 9, 10], layer.TokensOfRows().Cast<long>());
        Append(layer, 11);
        layer.Keep(tensor(new long[,] { { 1, 2 }, { 0, 2 } }));
        Assert.Equal([4, 1011, 109, 1011], Firsts(layer.PeekKeys()));
        Assert.Equal([4, 11, 9, 11], layer.TokensOfRows().Cast<long>());
    });

    [Fact]
    public void Keeping_rows_of_all_heads_alike_leaves_heads_that_differ_with_their_own_tokens() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 0, 2, 9 }, { 3, 5, 7 } }), 0);
        layer.Keep(tensor(new long[,] { { 1, 2 } }));
        Assert.Equal([2, 9, 5, 7], layer.TokensOfRows().Cast<long>());
        Assert.Equal([2, 9, 105, 107], Firsts(layer.PeekKeys()));
    });

    [Fact]
    public void A_layer_holds_three_tensors_until_it_is_disposed() => TorchThread.Run(() =>
    {
        var (keys, kept) = (Keys(), tensor(new long[,] { { 1, 4 } }));
        var before = TorchThread.Live;
        var layer = new KvLayer(keys, keys, kept, 1);
        Assert.Equal(before + 3, TorchThread.Live);
        layer.ReserveRow();
        layer.ReserveRow();
        layer.TokensOfRows();
        using (var rows = tensor(new long[,] { { 0, 3 } }))
            layer.Keep(rows);
        Assert.Equal(before + 3, TorchThread.Live);
        layer.Dispose();
        Assert.Equal(before, TorchThread.Live);
        Assert.Equal([1, 4], kept.data<long>());
    });
}
