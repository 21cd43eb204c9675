using StarKV.MiniGui.Histories;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Screens;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Thinking;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui;

/// <summary>Draws samples. The same arguments give the same sample on every machine. Holds nothing; call it from any thread.</summary>
public static class SampleGenerator
{
    // A draw fails when the screen lacks what the task needs: mostly a few times, in small screens of small splits some dozens.
    private const int MaxDraws = 2000;

    // The first draws of a history stay with one plot, so that plots which fail more often are not rarer.
    private const int DrawsOfOnePlot = 200;

    // Of a screen's drills: how often it is listed, and how many of its words then.
    private const double ListShare = 0.6;
    private const int ListLength = 8;

    // Plots have the last stream, episodes those before it and some from 2³² on.
    private const ulong ThoughtStream = ulong.MaxValue - 1000;

    // Each challenge has separate streams, far above those of the plain world.
    private const ulong ChallengeStreams = 1UL << 24;

    private static readonly IReadOnlyList<Section>[] s_drillNeeds = [[], [Section.Form], [Section.Facts]];

    /// <summary>One screen with questions about it; the instruction comes last.</summary>
    /// <param name="seed">Any number. Splits draw from separate streams.</param>
    /// <param name="split">What it may show and must ask.</param>
    /// <param name="size">Size of the screen, at least 336 × 336 and multiples of 28.</param>
    /// <param name="options">Default <see cref="SampleOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">The size is another one, or a challenge is asked of another split.</exception>
    public static Sample OneScreen(ulong seed, Split split, ScreenSize size, SampleOptions? options = null)
    {
        var limits = options ?? SampleOptions.Default;
        if (limits.Challenge is { } challenge)
            return Draw(seed, split, size, 0, limits, (random, _) =>
                ChallengeScreens.TryMake(random, split, size, challenge, limits) is var (screen, questions)
                    ? Made(seed, split, Order.Last, [screen], [], questions, limits) : null);
        return Draw(seed, split, size, 0, limits, (random, _) =>
        {
            var vocabulary = new Vocabulary(split);
            var (draft, layout) = ScreenMaker.Make(random, vocabulary, size, limits.Density, limits.Drill ? random.Pick(s_drillNeeds) : []);
            var screen = new App(draft, layout).Shot();
            var asks = new ScreenQuestions(screen, 0, random);
            var questions = asks.Draw(limits.Questions, limits.Drill, q => Probes.IsAsked(split, q, screen));
            if (limits.Drill)
                questions.AddRange(Dictation(random, vocabulary));
            if (limits.Drill && random.Chance(ListShare) && asks.List(ListLength) is { } list)
                questions.Add(list);
            return questions.Count == 0 ? null : Made(seed, split, Order.Last, [screen], [], questions, limits);
        });
    }

    /// <summary>Frames of one application, what was done on them, and questions.</summary>
    /// <param name="seed">Any number. Splits and orders draw from separate streams.</param>
    /// <param name="split">What it may show and must ask.</param>
    /// <param name="size">Size of the screens, at least 336 × 336 and multiples of 28.</param>
    /// <param name="order">Where the instruction stands.</param>
    /// <param name="options">Default <see cref="SampleOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// The size is another one, or a challenge is asked of another split, or is not <see cref="Challenge.LongText"/>.
    /// </exception>
    public static Sample History(ulong seed, Split split, ScreenSize size, Order order, SampleOptions? options = null)
    {
        var limits = options ?? SampleOptions.Default;
        if (limits.Challenge is { } challenge and not Challenge.LongText)
            throw new ArgumentException($"The challenge {LabelNames.Of(challenge)} is one of single screens; histories take long-text.");
        return Draw(seed, split, size, order is Order.First ? 1 : 2, limits, (random, draw) =>
        {
            var plot = Plot.Draw(
                draw < DrawsOfOnePlot ? new SeededRandom(seed, ulong.MaxValue) : random,
                limits,
                order is Order.First ? limits.MaxFrames - 1 : int.MaxValue);
            return HistoryMaker.TryMake(random, plot, split, size, order, limits) is var (frames, steps, questions)
                ? Made(seed, split, order, frames, steps, questions, limits) : null;
        });
    }

    internal static void CheckSize(ScreenSize size)
    {
        if (size.Width < 336 || size.Height < 336 || size.Width % 28 != 0 || size.Height % 28 != 0)
            throw new ArgumentOutOfRangeException(
                nameof(size), $"The screen is {size} px; both sides must be multiples of 28 and at least 336.");
    }

    /// <summary>Words to be typed exactly as the instruction has them: the cheapest way to learn to copy.</summary>
    private static IEnumerable<Question> Dictation(SeededRandom random, Vocabulary vocabulary)
    {
        var first = vocabulary.UiWord(random);
        string[] texts = [vocabulary.CodeWord(random), vocabulary.SecondWord(random, first) is { } second ? $"{first} {second}" : first];
        return texts.Select(text => new Question(TaskKind.TypeGiven, 0, $"Type \"{text}\"", Answers.Type(text)) { Subject = text });
    }

    /// <summary>The sample, with a thought for every step and question where they are asked for.</summary>
    private static Sample Made(
        ulong seed, Split split, Order order, IReadOnlyList<Screen> frames, IReadOnlyList<Question> steps, List<Question> questions,
        SampleOptions options)
    {
        if (options.Thoughts)
        {
            var thinker = new Thinker(new SeededRandom(seed, ThoughtStream), frames);
            steps = [.. steps.Select(step => thinker.Think(step))];
            // With the instruction first, the question about a frame is the step that was taken there.
            questions = questions.ConvertAll(q => order is Order.First && q.Frame < steps.Count ? q.WithThought(steps[q.Frame].Thought)
                : thinker.Think(q, steps.Count > 0 ? steps[^1] : null));
        }

        return new Sample(seed, split, order, frames, [.. steps.Select(s => s.Answer)], questions);
    }

    private static Sample Draw(
        ulong seed, Split split, ScreenSize size, int form, SampleOptions options, Func<SeededRandom, int, Sample?> tryMake)
    {
        CheckSize(size);
        if (options.Challenge is { } asked && split is not (Split.Train or Split.Test))
            throw new ArgumentException(
                $"The challenge {LabelNames.Of(asked)} is one of the splits train and test, not {LabelNames.Of(split)}.");
        var streams = options.Challenge is { } challenge ? ChallengeStreams * (1 + (ulong)challenge) : 0;
        for (var draw = 0; draw < MaxDraws; draw++)
            if (tryMake(new SeededRandom(seed, streams + (ulong)(((int)split * 3 + form) * MaxDraws + draw)), draw) is { } sample)
                return sample;
        throw new InvalidOperationException(
            $"Seed {seed} gave no sample of split {split} at {size} px in {MaxDraws} draws; take another seed or allow more frames.");
    }
}
