using StarKV.MiniGui;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>
/// What a set of tasks consists of, and how each is found. Every task is found independently, so any of them can be drawn again alone.
/// </summary>
public sealed class MiniGuiPlan
{
    /// <summary>The most tasks of one kind and form: seeds do not reach further.</summary>
    public const int MaxOfKind = (int)(SeedsOfStratum / SeedsOfTask);

    // Each stratum has a separate range of seeds, each task a part of that range.
    private const ulong SeedsOfStratum = 10_000_000, SeedsOfTask = 10_000, FirstBenchSeed = 7_000_000_000, FirstOtherSeed = 8_000_000_000,
        FirstHardSeed = 12_000_000_000;

    // The day on which it was chosen, before anything was drawn from it: the methods were as they are.
    private const ulong FirstSecondSeed = 20_261_130_000;

    private readonly ulong _firstSeed;
    private readonly Stratum[] _strata;

    // The tasks of all strata, evenly mixed: the k-th of n is at (k + 1/2) / n of the whole.
    private readonly (int Stratum, int Number)[] _order;

    private MiniGuiPlan(ulong firstSeed, params Stratum[] strata)
    {
        (_firstSeed, _strata) = (firstSeed, strata);
        _order =
        [
            .. strata.SelectMany((s, i) => Enumerable.Range(0, s.Count).Select(n => (Stratum: i, Number: n)))
                .OrderBy(t => (2 * t.Number + 1) * 1_000_000L / (2 * strata[t.Stratum].Count)).ThenBy(t => t.Stratum),
        ];
    }

    private static readonly Stratum[] s_plain =
    [
        .. Stratum.Of(Split.Test, TaskForm.Screen, 120, TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read),
        .. Stratum.Of(Split.Test, TaskForm.First, 110, TaskKind.Step, TaskKind.TypeGiven, TaskKind.RecallWord, TaskKind.RecallRow),
        .. Stratum.Of(Split.Test, TaskForm.Last, 110, TaskKind.RecallWord, TaskKind.RecallRow),
        .. Stratum.Of(Split.Test, TaskForm.Last, 40, TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read),
        .. Stratum.Of(Split.Words, TaskForm.Screen, 50, TaskKind.Text),
        .. Stratum.Of(Split.Pairs, TaskForm.Screen, 50, TaskKind.Text),
        .. Stratum.Of(Split.Icons, TaskForm.Screen, 50, TaskKind.Icon),
        .. Stratum.Of(Split.Layouts, TaskForm.Screen, 25, TaskKind.Text, TaskKind.Relation),
    ];

    /// <summary>MiniGui-Bench, version 1.</summary>
    public static MiniGuiPlan Bench { get; } = new(FirstBenchSeed, s_plain);

    /// <summary>As many tasks of each sort as version 1 has, from other seeds: version 1b.</summary>
    public static MiniGuiPlan Second { get; } = new(FirstSecondSeed, s_plain);

    /// <summary>MiniGui-Bench, version 2: harder tasks, see <see cref="Challenge"/>, and the plain world on large screens.</summary>
    public static MiniGuiPlan Hard { get; } = new(FirstHardSeed, HardStrata.All);

    /// <summary>Equally many tasks of every kind and form of the test split, none of them in the benchmark: for a model's card.</summary>
    /// <param name="count">Tasks of each, 1 to <see cref="MaxOfKind"/>.</param>
    public static MiniGuiPlan OfEachKind(int count) => new(FirstOtherSeed,
    [
        .. Stratum.Of(Split.Test, TaskForm.Screen, count, TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read),
        .. Stratum.Of(Split.Test, TaskForm.First, count, TaskKind.Step, TaskKind.TypeGiven, TaskKind.RecallWord, TaskKind.RecallRow),
        .. Stratum.Of(Split.Test, TaskForm.Last, count, TaskKind.RecallWord, TaskKind.RecallRow),
    ]);

    /// <summary>How many tasks there are.</summary>
    public int Count => _order.Length;

    /// <summary>Finds and draws the task at a place, 0 to <see cref="Count"/> − 1.</summary>
    /// <param name="place">The place.</param>
    /// <param name="painter">Draws the frames for their checksums.</param>
    public MiniGuiTask Find(int place, ScreenPainter painter)
    {
        var (stratum, number) = _order[place];
        var (split, form, kind, _) = _strata[stratum];
        var (sizes, challenge) = (_strata[stratum].Sizes, _strata[stratum].Challenge);
        // Strata begin at different sizes, so that a prefix of the benchmark has all of them.
        var size = sizes[(number + 5 * stratum) % sizes.Count];
        var first = _firstSeed + (ulong)stratum * SeedsOfStratum + (ulong)number * SeedsOfTask;
        for (var seed = first; seed < first + SeedsOfTask; seed++)
        {
            if (MiniGuiDrawing.Of(seed, split, form, kind, size, challenge: challenge) is not { } drawing)
                continue;
            return new MiniGuiTask
            {
                Id = $"{_strata[stratum].Name}-{number:D3}",
                Split = split,
                Form = form,
                Kind = kind,
                Challenge = challenge,
                Size = size,
                Seed = seed,
                Instruction = drawing.Question.Instruction,
                Expected = drawing.Question.Answer,
                Box = drawing.Question.Target is { } box ? [box.X, box.Y, box.Width, box.Height] : null,
                Sha256 = [.. drawing.Frames.Select(painter.Checksum)],
            };
        }

        throw new InvalidOperationException($"No seed from {first} on has a {kind} of form {form} in split {split} at {size} px.");
    }
}
