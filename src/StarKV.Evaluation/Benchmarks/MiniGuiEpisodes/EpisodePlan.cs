using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Episodes;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;

/// <summary>
/// Of which episodes MiniGui-Episodes consists, and how each is drawn. Lengths are mixed evenly: any prefix is a fair sample.
/// </summary>
public static class EpisodePlan
{
    // The seeds of MiniGui-Bench v1 and of tasks like it lie below, those of v2 above.
    private const ulong FirstSeed = 10_000_000_000, SeedsOfLength = 1_000;

    // The smallest size: a step then takes as few of a model's positions as it can.
    private static readonly ScreenSize s_size = new(336, 336);

    private static readonly (int Steps, int Count)[] s_lengths = [(10, 60), (20, 30)];

    private static readonly (int Length, int Number)[] s_order =
    [
        .. s_lengths.SelectMany((l, i) => Enumerable.Range(0, l.Count).Select(n => (Length: i, Number: n)))
            .OrderBy(e => (2 * e.Number + 1) * 1_000_000L / (2 * s_lengths[e.Length].Count)).ThenBy(e => e.Length),
    ];

    /// <summary>How many episodes there are.</summary>
    public static int Count => s_order.Length;

    /// <summary>Draws the episode at a place.</summary>
    /// <param name="place">The place, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="painter">Draws the screens for their checksums.</param>
    public static EpisodeTask Find(int place, ScreenPainter painter)
    {
        var (length, number) = s_order[place];
        var steps = s_lengths[length].Steps;
        var episode = Draw(FirstSeed + (ulong)length * SeedsOfLength + (ulong)number, Split.Test, s_size, steps);
        return EpisodeTask.Of($"steps{steps}-{number:D3}", episode, painter.Checksum);
    }

    internal static Episode Draw(ulong seed, Split split, ScreenSize size, int steps) =>
        EpisodeGenerator.Draw(seed, split, size, new EpisodeOptions { Steps = steps });
}
