using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Select;

public sealed class SelectorTests
{
    [Fact]
    public void The_best_scores_are_kept_in_ascending_order_and_the_window_behind_them() => TorchThread.Run(() =>
        Assert.Equal([1, 4, 6, 8, 9], Kept(new Fixed([[0, 9, 1, 2, 8, 3, 7, 0]]), 5)));

    [Fact]
    public void Scores_per_head_select_per_head() => TorchThread.Run(() =>
        Assert.Equal([0, 1, 8, 9, 6, 7, 8, 9], Kept(new Fixed([[9, 8, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 8, 9]]), 4)));

    private static long[] Kept(ICompressionMethod method, int tokens)
    {
        var keys = randn(2, 10, 4);
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var layer = new LayerInput(randn(4, 10, 4), keys, keys, new TokenNorms(randn(10, 6), randn(10, 6)), TestPrompts.Of(10), shared, 0);
        return Selector.Select(method, new KeepPlan(2, tokens - 2), layer.Observe(2, tokens), memory).contiguous().data<long>().ToArray();
    }

    /// <summary>Scores eight past tokens before a window of two.</summary>
    private sealed class Fixed(float[][] scores) : ICompressionMethod
    {
        public string Name => "fixed";

        public int Window(TokenMap prompt) => 2;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            Assert.Equal((2, 8), (observation.Window, observation.Past));
            return stack(scores.Select(s => tensor(s)));
        }
    }
}
