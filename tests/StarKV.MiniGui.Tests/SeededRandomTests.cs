using CsCheck;

namespace StarKV.MiniGui.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_stream_of_a_seed_never_changes()
    {
        var random = new SeededRandom(1);
        Assert.Equal([17254933023648552173, 10273995337764303472, 13859318443369830749], new[] { random.NextBits(), random.NextBits(), random.NextBits() });
    }

    [Fact]
    public void Streams_of_one_seed_differ() => Gen.Select(Gen.ULong, Gen.ULong[0, 1000]).Sample((seed, stream) =>
        new SeededRandom(seed, stream).NextBits() != new SeededRandom(seed, stream + 1).NextBits());

    [Fact]
    public void Every_number_of_a_range_is_about_as_likely()
    {
        var random = new SeededRandom(7);
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
            counts[random.Below(10)]++;
        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => random.Chance(0.25)), 2_350, 2_650);
    }

    [Fact]
    public void Between_reaches_both_ends_and_shuffling_keeps_every_item() => Gen.ULong.Sample(seed =>
    {
        var random = new SeededRandom(seed);
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 200).Select(_ => random.Between(3, 5)).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 20), random.Shuffled(Enumerable.Range(0, 20)).Order());
    }, iter: 100);
}
