using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Training.Data;

/// <summary>What a harder job draws.</summary>
/// <param name="Challenge">The challenge; null for the plain world on a large screen.</param>
/// <param name="Size">Size of its screens.</param>
/// <param name="Frames">Frames of a history at most; 1 for single screens.</param>
internal readonly record struct HardJob(Challenge? Challenge, ScreenSize Size, int Frames)
{
    // As often as in MiniGui-Bench v2: 240 of 1,200 large, 300 long texts, 300 blocks, 180 tables, 60 of each of the others.
    private static readonly Challenge?[] s_challenges =
    [
        .. Enumerable.Repeat((Challenge?)null, 4),
        .. Enumerable.Repeat<Challenge?>(MiniGui.Challenge.LongText, 5),
        .. Enumerable.Repeat<Challenge?>(MiniGui.Challenge.Blocks, 5),
        .. Enumerable.Repeat<Challenge?>(MiniGui.Challenge.Table, 3),
        MiniGui.Challenge.Cards, MiniGui.Challenge.Twins, MiniGui.Challenge.Message,
    ];

    private static readonly ScreenSize s_large = new(1904, 1064);

    private static readonly ScreenSize[] s_screens = [new(560, 448), new(672, 448), new(448, 448), new(784, 560), new(896, 672), s_large];

    private static readonly ScreenSize[] s_histories = [new(560, 336), new(448, 448), new(560, 448), new(448, 336)];

    /// <summary>Draws one.</summary>
    public static HardJob Draw(SeededRandom random)
    {
        var challenge = random.Pick(s_challenges);
        if (challenge is null)
            return new(null, s_large, 1);
        // Three of five long texts are histories.
        return challenge is MiniGui.Challenge.LongText && random.Chance(0.6)
            ? new(challenge, random.Pick(s_histories), 5)
            : new(challenge, random.Pick(s_screens), 1);
    }
}
