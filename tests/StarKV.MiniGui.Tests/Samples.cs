using CsCheck;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests;

/// <summary>Samples of all forms, splits and sizes for property tests.</summary>
internal static class Samples
{
    public static IReadOnlyList<ScreenSize> Sizes { get; } = [.. ScreenSize.Training.Take(8), .. ScreenSize.Padded];

    private static readonly Gen<ScreenSize> s_size = Gen.Int[0, Sizes.Count - 1].Select(i => Sizes[i]);
    private static readonly Gen<Split> s_split = Gen.Enum<Split>();

    public static Gen<Sample> Single { get; } = Gen.Select(Gen.ULong, s_split, s_size).Select((seed, split, size) => SampleGenerator.OneScreen(seed, split, size));

    public static Gen<Sample> Histories { get; } = Gen.Select(Gen.ULong, s_split, s_size, Gen.Enum<Order>(), Gen.Int[4, 8]).Select((seed, split, size, order, frames) =>
        SampleGenerator.History(seed, split, size, order, new SampleOptions { MaxFrames = frames }));

    public static Gen<Sample> Any { get; } = Gen.OneOf(Single, Histories);

    /// <summary>Samples of the seeds from 0, sizes in turn.</summary>
    public static IEnumerable<Sample> First(int count, Func<ulong, ScreenSize, Sample> make) =>
        Enumerable.Range(0, count).Select(i => make((ulong)i, Sizes[i % Sizes.Count]));
}
