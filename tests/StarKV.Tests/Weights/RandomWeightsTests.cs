using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Weights;

public sealed class RandomWeightsTests
{
    private static readonly Compute s_cpu = new(CPU, ScalarType.Float32);

    private static float[] Numbers(Tensor weight) => weight.data<float>().ToArray();

    [Fact]
    public void The_seed_alone_says_which_numbers_are_drawn() => TorchThread.Run(() =>
    {
        float[][] Draw(long seed)
        {
            var weights = new RandomWeights(s_cpu, seed);
            return [Numbers(weights.Take([3, 4], "a.weight")), Numbers(weights.Take([3, 4], "b.weight"))];
        }

        var first = Draw(5);
        // The generator is seeded once: the second matrix is not the first again.
        Assert.NotEqual(first[0], first[1]);
        Assert.Equal(first, Draw(5));
        Assert.NotEqual(first[0], Draw(6)[0]);
    });

    [Fact]
    public void Matrices_are_normal_with_a_deviation_of_0_02() => TorchThread.Run(() =>
    {
        var numbers = Numbers(new RandomWeights(s_cpu, 1).Take([100, 100], "a.bias"));
        // Of ten thousand draws the mean has a standard error of 0.0002 and the deviation one of 0.00014.
        var mean = numbers.Average();
        Assert.InRange(mean, -0.001f, 0.001f);
        Assert.InRange(Math.Sqrt(numbers.Average(n => (n - mean) * (n - mean))), 0.019, 0.021);
    });

    [Fact]
    public void Vectors_are_ones_and_biases_zeros() => TorchThread.Run(() =>
    {
        var weights = new RandomWeights(s_cpu, 1);
        Assert.Equal([1, 1, 1], Numbers(weights.Take([3], "norm.weight")));
        Assert.Equal([0, 0], Numbers(weights.Take([2], "q_proj.bias", "k_proj.weight")));
        Assert.Equal([1, 1], Numbers(weights.Take([2], "q_proj.weight", "k_proj.bias")));
    });

    [Theory]
    [InlineData(new long[] { 2, 3 }, "a.weight")]
    [InlineData(new long[] { 2 }, "a.weight")]
    [InlineData(new long[] { 2 }, "a.bias")]
    public void A_weight_has_the_number_type_asked_for_and_belongs_to_its_caller(long[] shape, string name) => TorchThread.Run(() =>
    {
        var before = TorchThread.Live;
        Tensor weight;
        using (NewDisposeScope())
            weight = new RandomWeights(new Compute(CPU, ScalarType.BFloat16), 1).Take(shape, name);
        Assert.Equal(before + 1, TorchThread.Live);
        Assert.Equal((ScalarType.BFloat16, string.Join(",", shape)), (weight.dtype, string.Join(",", weight.shape)));
        weight.Dispose();
        Assert.Equal(before, TorchThread.Live);
    });
}
