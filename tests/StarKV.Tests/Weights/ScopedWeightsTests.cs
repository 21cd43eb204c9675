using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Weights;

public sealed class ScopedWeightsTests
{
    [Fact]
    public void A_weight_is_freed_with_the_scope_unless_it_is_taken_out() => TorchThread.Run(() =>
    {
        var before = TorchThread.Live;
        Tensor kept;
        using (var scope = NewDisposeScope())
        {
            var weights = new ScopedWeights(new RandomWeights(new Compute(CPU, ScalarType.Float32), 1), scope);
            Assert.Equal([1, 1], weights.Take([2], "norm.weight").data<float>().ToArray());
            kept = weights.Take([3], "q_proj.bias").DetachFromDisposeScope();
            Assert.Equal(before + 2, TorchThread.Live);
        }

        Assert.Equal(before + 1, TorchThread.Live);
        Assert.Equal([0, 0, 0], kept.data<float>().ToArray());
        kept.Dispose();
    });
}
