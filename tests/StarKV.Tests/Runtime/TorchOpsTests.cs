using StarKV.Kernels;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Tests.Runtime;

/// <summary>What the operations for long prompts do besides the usual ones.</summary>
public sealed class TorchOpsTests
{
    [Fact]
    public void Heads_are_lengthened_by_zeros() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var (x, norm, qkv, bias) = (randn(5, 16), randn(16), randn(24, 16), randn(24));
        var (usual, inputs) = TorchOps.DecoderProject(x, norm, qkv, bias, heads: 3, rows: 5, 1e-6);
        var (longer, same) = TorchOps.DecoderProject(x, norm, qkv, bias, heads: 3, rows: 8, 1e-6);

        Assert.Equal([8, 3, 8], longer.shape);
        Assert.True(longer.narrow(0, 0, 5).allclose(usual, atol: 1e-5));
        Assert.Equal(0, longer.narrow(0, 5, 3).abs().max().item<float>());
        Assert.True(inputs.allclose(same));
    });

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    public void An_empty_bias_adds_nothing(int rows) => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var (x, norm, qkv) = (randn(5, 16), randn(16), randn(24, 16));
        var (without, _) = TorchOps.DecoderProject(x, norm, qkv, empty(0), heads: 3, rows, 1e-6);
        var (zero, _) = TorchOps.DecoderProject(x, norm, qkv, zeros(24), heads: 3, rows, 1e-6);
        Assert.Equal([rows, 3, 8], without.shape);
        Assert.True(without.allclose(zero, atol: 1e-6));
    });

    [Fact]
    public void Queries_and_keys_have_norms_of_their_own_and_values_none() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var (all, query, key) = (randn(5, 7, 8), randn(8), randn(8));
        var before = all.clone();
        FusedOps.NormHeads(all.narrow(1, 0, 5), query, key, heads: 3, 1e-6);
        var normed = before * (before.square().mean([2], keepdim: true) + 1e-6).rsqrt();
        Assert.True(all.narrow(1, 0, 3).allclose(normed.narrow(1, 0, 3) * query, atol: 1e-5));
        Assert.True(all.narrow(1, 3, 2).allclose(normed.narrow(1, 3, 2) * key, atol: 1e-5));
        Assert.True(all.narrow(1, 5, 2).allclose(before.narrow(1, 5, 2), 0, 0));
    });
}
