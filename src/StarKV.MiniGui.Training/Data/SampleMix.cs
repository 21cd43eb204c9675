using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Training.Data;

/// <summary>What is trained on: forms, sizes and densities of samples, by chance from a seed.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="HistoryShare">Share of batches that are histories, 0–1.</param>
internal sealed record SampleMix(ulong Seed, double HistoryShare)
{
    /// <value>Whether answers begin with a thought; default no. All else of the samples is as without.</value>
    public bool Thoughts { get; init; }

    /// <value>Share of jobs, the easy ones apart, that are drawn as MiniGui-Bench v2 is, 0–1; default 0.</value>
    public double HardShare { get; init; }

    /// <summary>The four smallest sizes are enough to learn to read.</summary>
    private const int EasySizes = 4;
    private const double EasyHistoryShare = 0.2, FirstShare = 0.7;

    /// <summary>
    /// Less than in tests: what an earlier frame showed is learned long before clicks on later frames fall into the right cell.
    /// </summary>
    private const double MemoryShare = 0.4;

    private static readonly (ScreenSize Size, int Weight)[] s_singles =
    [
        (new(336, 336), 8), (new(448, 336), 12), (new(336, 448), 10), (new(448, 448), 16), (new(560, 336), 10),
        (new(560, 448), 14), (new(672, 448), 14), (new(784, 560), 16), (new(896, 672), 9), (new(1120, 784), 9),
    ];

    private static readonly (ScreenSize Size, int Weight, int Frames)[] s_histories =
    [
        (new(336, 336), 26, 6),
        (new(448, 336), 22, 5),
        (new(336, 448), 18, 5),
        (new(448, 448), 16, 5),
        (new(560, 336), 13, 5),
        (new(560, 448), 5, 5),
    ];

    /// <summary>The samples of one job, all of one size and form, as many as <paramref name="wanted"/> takes.</summary>
    /// <param name="job">Number of the job; it and the part alone decide what is drawn.</param>
    /// <param name="part">Parts of a job have its size and form, so that they take equally long, and separate samples.</param>
    /// <param name="easy">Small, sparse screens and fewer histories.</param>
    /// <param name="wanted">Called with each sample; false ends the job.</param>
    public void Draw(long job, int part, bool easy, Func<Sample, bool> wanted)
    {
        var random = new SeededRandom(Seed, (ulong)job);
        var history = random.Chance(easy ? EasyHistoryShare : HistoryShare);
        var first = random.Chance(FirstShare);
        var (size, frames) = history ? History(random, easy) : (Single(random, easy), 1);
        Challenge? challenge = null;
        if (HardShare > 0 && !easy && random.Chance(HardShare))
            (challenge, size, frames) = HardJob.Draw(random);
        history = frames > 1;
        random = new SeededRandom(random.NextBits(), (ulong)part);
        do
        {
            var options = new SampleOptions
            {
                Density = easy ? 0.4 + 0.57 * (random.NextBits() >> 11) / (1UL << 53) : 0.97,
                MaxFrames = Math.Max(2, frames),
                MemoryShare = MemoryShare,
                Drill = true,
                Thoughts = Thoughts,
                Challenge = challenge,
                // The longer the prefix, the more questions pay for it.
                Questions = 10 + size.Width * size.Height / 28 / 28 / 60,
            };
            var seed = random.NextBits();
            if (!wanted(!history ? SampleGenerator.OneScreen(seed, Split.Train, size, options)
                : SampleGenerator.History(seed, Split.Train, size, first ? Order.First : Order.Last, options)))
                return;
        }
        while (true);
    }

    private static ScreenSize Single(SeededRandom random, bool easy) =>
        easy ? s_singles[random.Below(EasySizes)].Size : s_singles[Weighted(random, [.. s_singles.Select(s => s.Weight)])].Size;

    private static (ScreenSize Size, int Frames) History(SeededRandom random, bool easy)
    {
        var chosen = s_histories[easy ? random.Below(EasySizes) : Weighted(random, [.. s_histories.Select(s => s.Weight)])];
        return (chosen.Size, chosen.Frames);
    }

    // The index of the weight in whose part of the sum a random number falls.
    private static int Weighted(SeededRandom random, int[] weights)
    {
        var dice = random.Below(weights.Sum());
        var index = 0;
        while (dice >= weights[index])
            dice -= weights[index++];
        return index;
    }
}
