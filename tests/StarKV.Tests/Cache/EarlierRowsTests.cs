using StarKV.Cache;
using static TorchSharp.torch;

namespace StarKV.Tests.Cache;

/// <summary>What new rows behind a cache make of it: rows, tokens and copies, by hand.</summary>
public sealed class EarlierRowsTests
{
    private static Tensor Rows(params float[] firsts) => tensor(firsts).view(1, -1, 1).expand(1, firsts.Length, 2).contiguous();

    private static float[] Firsts(Tensor held) => [.. held.select(2, 0).contiguous().data<float>()];

    private static long[] Longs(Tensor tokens) => [.. tokens.contiguous().data<long>()];

    [Fact]
    public void New_rows_stand_behind_those_held_with_the_tokens_that_come_next() => TorchThread.Run(() =>
    {
        var keys = Rows(0, 1, 2, 3, 4);
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 1, 4 } }), 0);
        var (joined, values, earlier) = layer.Join(Rows(5, 6, 7), -Rows(5, 6, 7));
        Assert.Equal([1, 4, 5, 6, 7], Firsts(joined));
        Assert.Equal([-1, -4, -5, -6, -7], Firsts(values));
        Assert.Equal([1, 4, 5, 6, 7], Longs(earlier.TokenOfRow));
        Assert.Equal((2, 1, false), (earlier.Count, earlier.HeadCopies, earlier.DroppedNothing));
        Assert.Equal((2, 5), (layer.Length, layer.TokensSeen));
    });

    [Fact]
    public void New_rows_are_copied_for_every_head_that_the_cache_stores() => TorchThread.Run(() =>
    {
        // One head kept for two query heads.
        var keys = Rows(0, 1, 2, 3, 4);
        using var layer = new KvLayer(keys, -keys, tensor(new long[,] { { 0, 1 }, { 2, 4 } }), 0);
        Assert.Equal(2, layer.HeadCopies);
        Assert.Equal([0, 1, 2, 4], Firsts(layer.PeekKeys()));
        Assert.Equal([0, -1, -2, -4], Firsts(layer.PeekValues()));
        var (joined, values, earlier) = layer.Join(Rows(5), -Rows(5));
        Assert.Equal([0, 1, 5, 2, 4, 5], Firsts(joined));
        Assert.Equal([0, -1, -5, -2, -4, -5], Firsts(values));
        Assert.Equal([0, 1, 5, 2, 4, 5], Longs(earlier.TokenOfRow));
        Assert.Equal(2, earlier.HeadCopies);
        // The two stored heads go on as two of one copy each; a selection for all of them keeps each head's own tokens.
        using var next = new KvLayer(joined, values, tensor(new long[,] { { 0, 2 } }), 0, earlier, 6);
        Assert.Equal((2, false, 6), (next.HeadCopies, next.KeepsWholePrompt, next.TokensSeen));
        Assert.Equal([0, 5, 2, 5], Firsts(next.PeekKeys()));
        Assert.Equal([0, 5, 2, 5], next.TokensOfRows().Cast<long>());
    });

    [Fact]
    public void A_step_that_keeps_all_its_rows_has_dropped_what_the_cache_before_it_had() => TorchThread.Run(() =>
    {
        var keys = Rows(0, 1, 2);
        foreach (var dropped in new[] { false, true })
        {
            using var layer = new KvLayer(keys, keys, dropped ? tensor(new long[,] { { 0, 2 } }) : null, 0);
            var (joined, values, earlier) = layer.Join(Rows(3), Rows(3));
            using var next = new KvLayer(joined, values, null, 0, earlier, 4);
            Assert.Equal((!dropped, !dropped), (layer.KeepsWholePrompt, next.KeepsWholePrompt));
            Assert.Equal(dropped ? [0, 2, 3] : [0, 1, 2, 3], next.TokensOfRows().Cast<long>());
            Assert.Equal((dropped ? 3 : 4, 4), (next.PromptRows, next.TokensSeen));
        }
    });

    [Fact]
    public void Tokens_of_kept_rows_are_those_of_the_lists_that_are_more() => TorchThread.Run(() =>
    {
        var alike = new EarlierRows(2, tensor(new long[,] { { 3, 5, 8 } }), 1, false);
        var apart = new EarlierRows(2, tensor(new long[,] { { 3, 5, 8 }, { 1, 2, 4 } }), 1, false);
        long[,] rows = { { 0, 2 } }, lists = { { 0, 2 }, { 1, 2 } };
        Assert.Equal([3, 5, 8], Longs(alike.TokensOf(null)));
        Assert.Equal([3, 8], Longs(alike.TokensOf(tensor(rows))));
        Assert.Equal([3, 8, 5, 8], Longs(alike.TokensOf(tensor(lists))));
        Assert.Equal([3, 8, 1, 4], Longs(apart.TokensOf(tensor(rows))));
        Assert.Equal([3, 8, 2, 4], Longs(apart.TokensOf(tensor(lists))));
        // Two heads of two copies each: the first two lists are the first head's.
        Assert.Equal([3, 8, 3, 8, 1, 4, 1, 4], Longs(apart.TokensOf(tensor(new long[,] { { 0, 2 }, { 0, 2 }, { 0, 2 }, { 0, 2 } }))));
    });

    [Fact]
    public void A_held_copy_outlives_the_original() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var rows = new EarlierRows(1, tensor(new long[,] { { 3, 5 } }), 2, true);
        var held = rows.Held();
        rows.TokenOfRow.fill_(0);
        rows.TokenOfRow.Dispose();

        Assert.Equal([3, 5], Longs(held.TokenOfRow));
        Assert.Equal((1, 2, true), (held.Count, held.HeadCopies, held.DroppedNothing));
    });
}
