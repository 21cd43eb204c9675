using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Run;
using StarKV.MiniGui.Training.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Tests.Optimise;

/// <summary>The steps that the optimiser takes.</summary>
public sealed class OptimiserTests
{
    [Theory]
    [InlineData(12, 12)]
    [InlineData(20, 7)]
    [InlineData(7, 20)]
    public void Newton_and_Schulz_bring_all_singular_values_near_one(int rows, int columns) => TrainingThread.Run(() =>
    {
        using var generator = new Generator(3, CPU);
        var stack = empty([4, rows, columns]).normal_(0, 1, generator);
        var result = NewtonSchulz.Orthogonal(stack);
        Assert.Equal([4L, rows, columns], result.shape);
        Assert.InRange(linalg.svdvals(result).max().item<float>(), 0.8f, 1.3f);
        // Small singular values of square random matrices rise more slowly.
        Assert.InRange(linalg.svdvals(result).median().item<float>(), 0.6f, 1.3f);
        for (var i = 0; i < 4; i++)
            Assert.True((NewtonSchulz.Orthogonal(stack.narrow(0, i, 1)) - result.narrow(0, i, 1)).abs().max().item<float>() < 1e-4);
    });

    [Fact]
    public void Only_what_has_a_gradient_moves_and_norms_do_not_decay() => TrainingThread.Run(() =>
    {
        using var weights = Tiny.Weights();
        using var optimiser = new Optimiser(weights);
        var before = weights.Master.clone();
        var (slot, norm) = (weights.Layout[Weight.TextOut], weights.Layout[Weight.FinalNorm]);
        using (var part = weights.Work.narrow(0, slot.Offset, slot.Numbers))
            (part * part).sum().backward();
        optimiser.Step(1e-2);
        var moved = (weights.Master - before * (1 - 1e-2 * 0.02)).abs();
        Assert.True(moved.narrow(0, slot.Offset, slot.Numbers).mean().item<float>() > 1e-4);
        Assert.True(moved.narrow(0, 0, slot.Offset).max().item<float>() < 1e-6);
        Assert.Equal(before.narrow(0, norm.Offset, norm.Numbers).data<float>().ToArray(), weights.Master.narrow(0, norm.Offset, norm.Numbers).data<float>().ToArray());
    });

    [Fact]
    public void The_rate_rises_by_steps_and_falls_by_time()
    {
        var schedule = new WallSchedule(2, 10, 0.3);
        var total = TimeSpan.FromMinutes(10);
        Assert.Equal(0.2, schedule.At(0, TimeSpan.Zero, total), 9);
        Assert.Equal(2, schedule.At(9, TimeSpan.FromMinutes(1), total), 9);
        Assert.Equal(2, schedule.At(500, TimeSpan.FromMinutes(7), total), 9);
        Assert.Equal(1, schedule.At(500, TimeSpan.FromMinutes(8.5), total), 9);
        Assert.Equal(0, schedule.At(500, TimeSpan.FromMinutes(11), total), 9);
    }
}
