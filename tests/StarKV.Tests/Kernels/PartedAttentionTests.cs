using StarKV.Kernels;
using StarKV.Models;
using static TorchSharp.torch;

namespace StarKV.Tests.Kernels;

/// <summary>Attention over many earlier rows in parts gives what attention over all of them gives.</summary>
public sealed class PartedAttentionTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1023, "")]
    [InlineData(1024, "1024")]
    [InlineData(2047, "1024")]
    [InlineData(10_836, "8192 2048")]
    [InlineData(15_000, "8192 4096 2048")]
    [InlineData(65_535, "32768 16384 8192")]
    public void Parts_are_the_largest_powers_of_two_that_fit(long earlier, string expected) =>
        Assert.Equal(expected, string.Join(' ', PartedAttention.Parts(earlier)));

    [Theory]
    [InlineData(5, 8, 1500, 2)]
    [InlineData(7, 7, 3600, 2)]
    [InlineData(3, 16, 8000, 4)]
    public void Parts_joined_are_the_whole(int tokens, int rows, int earlier, int stored) => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        random.manual_seed(earlier);
        const int heads = 4, dim = 16;
        var queries = randn(rows, heads, dim).transpose(0, 1);
        var (keys, values) = (randn(stored, earlier + tokens, dim) * 3, randn(stored, earlier + tokens, dim));
        var whole = TextDecoder.Attend(queries.narrow(1, 0, tokens), keys, values);
        var joined = PartedAttention.Plain(queries, tokens, keys, values);
        Assert.Equal(whole.shape, joined.shape);
        Assert.True(whole.allclose(joined, rtol: 1e-5, atol: 1e-5), $"{(whole - joined).abs().max().item<float>()}");
    });

    [Fact]
    public void On_the_cpu_nothing_is_cut() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var rows = randn(1, 4096, 8);
        Assert.Null(PartedAttention.Of(randn(1024, 4, 8), heads: 2, tokens: 1024, rows, rows));
    });
}
