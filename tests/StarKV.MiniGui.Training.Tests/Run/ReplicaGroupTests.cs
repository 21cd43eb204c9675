using StarKV.MiniGui.Training.Run;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Tests.Run;

/// <summary>Several devices that train one model.</summary>
public sealed class ReplicaGroupTests
{
    [Fact]
    public void Members_get_the_mean_of_all_gradients_and_the_pace_of_the_first()
    {
        TrainingThread.Run(() => { });
        using var group = new ReplicaGroup(3);
        var means = new float[3][];
        var rates = new double?[3];
        Parallel(3, number => group.Run(() =>
        {
            using var gradient = ones([2], ScalarType.BFloat16) * (number + 1);
            using var mean = group.Mean(number, gradient);
            means[number] = mean.data<float>().ToArray();
            rates[number] = group.Decide(number, () => 10 + number);
        }));
        group.ThrowFailure();
        Assert.All(means, mean => Assert.Equal([2f, 2f], mean));
        Assert.All(rates, rate => Assert.Equal(10, rate));
    }

    [Fact]
    public void One_that_fails_ends_the_others()
    {
        using var group = new ReplicaGroup(2);
        Parallel(2, number => group.Run(() =>
        {
            if (number == 1)
                throw new InvalidDataException("broken");
            group.Decide(number, () => 1);
        }));
        Assert.Equal("broken", Assert.Throws<InvalidDataException>(group.ThrowFailure).Message);
    }

    private static void Parallel(int count, Action<int> work)
    {
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => work(i))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }
}
