using StarKV.MiniGui.Histories;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Screens;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Episodes;

/// <summary>Draws episodes. The same arguments give the same episode on every machine. Holds nothing; call it from any thread.</summary>
public static class EpisodeGenerator
{
    /// <summary>What stands first in every episode. It is short because the shipped model knows few positions.</summary>
    public const string Instruction = "Click or type";

    private const int MaxDraws = 2000;

    // Samples use the streams below, and the last one.
    private const ulong FirstStream = 1UL << 32, PlotStream = ulong.MaxValue - 1;

    private const double RowShare = 0.5;

    /// <summary>Draws an episode.</summary>
    /// <param name="seed">Any number. Splits draw from separate streams.</param>
    /// <param name="split">What it may show: train, test or layouts. The others ask about nothing but what they hold out.</param>
    /// <param name="size">Size of the screens, at least 336 × 336 and multiples of 28.</param>
    /// <param name="options">Default <see cref="EpisodeOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">The split is another one, or the size or an option is out of bounds.</exception>
    /// <exception cref="InvalidOperationException">The seed gives none.</exception>
    public static Episode Draw(ulong seed, Split split, ScreenSize size, EpisodeOptions? options = null)
    {
        var limits = options ?? EpisodeOptions.Default;
        limits.Check();
        SampleGenerator.CheckSize(size);
        if (split is not (Split.Train or Split.Test or Split.Layouts))
            throw new ArgumentException($"Episodes are of the split train, test or layouts; " +
                $"{LabelNames.Of(split)} is for single questions.");
        // Decided before the draws, so that episodes which fail more often are not rarer.
        var withRow = new SeededRandom(seed, PlotStream - (ulong)split).Chance(RowShare);
        for (var draw = 0; draw < MaxDraws; draw++)
            if (TryDraw(
                new SeededRandom(seed, FirstStream + (ulong)((int)split * MaxDraws + draw)), split, size, limits, withRow) is { } steps)
                return new Episode(seed, split, Instruction, steps);
        throw new InvalidOperationException(
            $"Seed {seed} gave no episode of {limits.Steps} steps of split {split} at {size} px in {MaxDraws} draws; take another seed.");
    }

    private static IReadOnlyList<EpisodeStep>? TryDraw(
        SeededRandom random, Split split, ScreenSize size, EpisodeOptions options, bool withRow)
    {
        Section[] needs = withRow ? [Section.Form, Section.List] : [Section.Form];
        var (draft, layout) = ScreenMaker.Make(random, new Vocabulary(split), size, options.Density, needs);
        var play = new EpisodePlay(new App(draft, layout), options);
        return (!withRow || play.Highlight()) && play.Run() ? play.Steps() : null;
    }
}
