using StarKV.Account;
using StarKV.Cache;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Cache;

public sealed class KvCacheTests
{
    // 3 text, a frame of 2×3 at 3–8, 3 text at 9–11, a frame of 2×2 at 12–15, 3 text at 16–18
    private static readonly TokenMap s_prompt = TestPrompts.Of(3, (2, 3), (2, 2));

    private static KvCache Cache(params long[][,] kept)
    {
        var cache = new KvCache(s_prompt, MRopePositions.Compute(s_prompt));
        var keys = randn(2, s_prompt.Length, 4);
        foreach (var indices in kept)
            cache.Add(new KvLayer(keys, keys, tensor(indices), 4));
        return cache;
    }

    [Fact]
    public void Every_row_says_what_it_stands_for() => TorchThread.Run(() =>
    {
        using var cache = Cache(new long[,] { { 0, 1, 4, 8, 12, 18 } });
        var rows = cache.Rows(0);
        Assert.Equal([0, 1, 4, 8, 12, 18], rows.Select(r => r.Token));
        Assert.Equal([-1, -1, 0, 0, 1, -1], rows.Select(r => r.Frame));
        Assert.Equal([TokenClass.System, TokenClass.User, TokenClass.Vision, TokenClass.Vision, TokenClass.Vision, TokenClass.User], rows.Select(r => r.Class));
        // A frame keeps the time at which it begins; rows and columns count on from there. Text counts on behind the longer side.
        Assert.Equal([(0, 0, 0), (1, 1, 1), (3, 3, 4), (3, 4, 5), (9, 9, 9), (13, 13, 13)], rows.Select(r => ((int)r.Time, (int)r.Height, (int)r.Width)));
    });

    [Fact]
    public void Answer_rows_go_on_behind_the_prompt() => TorchThread.Run(() =>
    {
        using var cache = Cache(new long[,] { { 0, 18 } });
        cache.Layers[0].ReserveRow();
        cache.Layers[0].ReserveRow();
        var next = MRopePositions.Compute(s_prompt).NextPosition;
        Assert.Equal(
            [new KvRow(19, next, next, next, -1, TokenClass.Assistant), new KvRow(20, next + 1, next + 1, next + 1, -1, TokenClass.Assistant)],
            cache.Rows(0).Skip(2));
    });

    [Fact]
    public void Heads_may_hold_different_tokens() => TorchThread.Run(() =>
    {
        using var cache = Cache(new long[,] { { 0, 5 }, { 7, 18 } });
        Assert.Equal([0, 5], cache.Rows(0, 0).Select(r => r.Token));
        Assert.Equal([7, 18], cache.Rows(0, 1).Select(r => r.Token));
    });

    [Fact]
    public void Any_head_will_do_where_all_hold_the_same() => TorchThread.Run(() =>
    {
        using var cache = Cache(new long[,] { { 0, 5 } });
        Assert.Equal(cache.Rows(0, 0), cache.Rows(0, 1));
    });

    [Fact]
    public void Bytes_are_the_sum_of_the_layers() => TorchThread.Run(() =>
    {
        using var cache = Cache(new long[,] { { 0, 5, 6 } }, new long[,] { { 0 } });
        Assert.Equal((3 + 1) * 2 * 2 * 4 * 4, cache.NBytes);
        Assert.Equal((3 + 4 + 1 + 4) * 2 * 2 * 4 * 4, cache.AllocatedBytes);
        var report = KvReport.Of(cache);
        Assert.Equal((19, 2.0, cache.NBytes, cache.AllocatedBytes), (report.PromptTokens, report.KeptTokens, report.Bytes, report.AllocatedBytes));
        Assert.Equal([3, 1], report.RowsPerLayer);
        Assert.Equal(2 * 19 * 2 * 2 * 4 * 4, report.FullBytes);
        Assert.Equal(4.0 / 38, report.KeptShare, 1e-12);
    });

    [Fact]
    public void Kept_shares_add_up_to_the_frames_rows() => TorchThread.Run(() =>
    {
        using var cache = Cache(new long[,] { { 0, 3, 4, 12 } }, new long[,] { { 3, 5, 15, 18 } });
        var kept = KeptCells.Of(KeptTokens.Of(cache));
        Assert.Equal([1, 0.5f, 0.5f, 0, 0, 0], kept.Frames[0]);
        Assert.Equal([0.5f, 0, 0, 0.5f], kept.Frames[1]);
        var rows = Enumerable.Range(0, 2).Sum(layer => cache.Rows(layer).Count(r => r.Class == TokenClass.Vision));
        Assert.Equal(rows / 2.0, kept.Frames.Sum(f => f.Sum()), 1e-6);
    });

    [Fact]
    public void Kept_shares_count_heads_one_by_one() => TorchThread.Run(() =>
    {
        using var cache = Cache(new long[,] { { 3, 4 }, { 3, 18 } });
        Assert.Equal([1, 0.5f, 0, 0, 0, 0], KeptCells.Of(KeptTokens.Of(cache)).Frames[0]);
    });

    [Fact]
    public void Disposing_frees_every_layer() => TorchThread.Run(() =>
    {
        Cache(new long[,] { { 0, 5 } }).Dispose();
        var before = TorchThread.Live;
        var keys = randn(2, s_prompt.Length, 4);
        var cache = new KvCache(s_prompt, MRopePositions.Compute(s_prompt));
        cache.Add(new KvLayer(keys, keys, null, 0));
        cache.Add(new KvLayer(keys, keys, null, 0));
        cache.Dispose();
        Assert.Equal(before + 1, TorchThread.Live);
    });
}
