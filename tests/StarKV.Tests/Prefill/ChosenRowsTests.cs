using StarKV.Cache;
using StarKV.Prefill;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

public sealed class ChosenRowsTests
{
    private const int Heads = 2, Length = 10, First = 6;

    /// <summary>Keys whose only channel is 100·head + token; values are the negatives.</summary>
    private static Tensor Keys() =>
        (arange(Heads).unsqueeze(1) * 100 + arange(Length).unsqueeze(0)).to(ScalarType.Float32).unsqueeze(2);

    private static float[] Numbers(Tensor rows) => [.. rows.contiguous().data<float>()];

    [Fact]
    public void Heads_attend_to_their_own_tokens_and_the_latest_others_then_to_all_new_ones() => TorchThread.Run(() =>
    {
        var keys = Keys();
        // The first head keeps three earlier tokens, the second one.
        using var chosen = new KvLayer(keys, -keys, tensor(new long[,] { { 0, 2, 3, 7 }, { 1, 7, 8, 9 } }), 0);
        var (attended, values) = ChosenRows.Of(chosen, keys, -keys, First);
        float[] expected = [0, 2, 3, 5, 6, 7, 8, 9, 101, 103, 104, 105, 106, 107, 108, 109];
        Assert.Equal(expected, Numbers(attended));
        Assert.Equal(expected, Numbers(-values));
    });

    [Fact]
    public void Shared_tokens_are_those_of_all_heads() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var chosen = new KvLayer(keys, -keys, tensor(new long[,] { { 1, 4, 9 } }), 0);
        Assert.Equal([1, 4, 5], ChosenRows.Rows(chosen, First).data<long>());
        Assert.Equal([Heads, 3 + Length - First, 1], ChosenRows.Of(chosen, keys, -keys, First).Keys.shape);
    });

    [Fact]
    public void Copies_for_query_heads_have_lists_of_their_own() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var chosen = new KvLayer(keys, -keys, tensor(new long[,] { { 0, 9 }, { 1, 9 }, { 2, 9 }, { 3, 9 } }), 0);
        var attended = ChosenRows.Of(chosen, keys, -keys, First).Keys;
        Assert.Equal([4, 2 + Length - First, 1], attended.shape);
        Assert.Equal([0, 5, 1, 5, 102, 105, 103, 105], Numbers(attended.narrow(1, 0, 2)));
    });

    [Fact]
    public void A_cache_of_everything_is_attended_to_whole() => TorchThread.Run(() =>
    {
        var keys = Keys();
        using var chosen = new KvLayer(keys, -keys, null, 0);
        Assert.Equal(Numbers(keys), Numbers(ChosenRows.Of(chosen, keys, -keys, First).Keys));
    });
}
