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
}
