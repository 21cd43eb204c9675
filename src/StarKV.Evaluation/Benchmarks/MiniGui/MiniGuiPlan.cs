using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>What a set of tasks consists of, and how each is found. Every task is found by itself, so any of them can be drawn again alone.</summary>
public sealed class MiniGuiPlan
{
    /// <summary>The most tasks of one kind and form: seeds do not reach further.</summary>
    public const int MaxOfKind = (int)(SeedsOfStratum / SeedsOfTask);

    // Seeds of a stratum lie in a range of its own, those of a task in a part of that range.
    private const ulong SeedsOfStratum = 10_000_000, SeedsOfTask = 10_000, FirstBenchSeed = 7_000_000_000, FirstOtherSeed = 8_000_000_000;

    // Small screens are most: they decide how long a run takes.
    private static readonly ScreenSize[] s_screens =
    [
        new(336, 336), new(448, 448), new(448, 336), new(672, 448), new(336, 448), new(560, 336), new(896, 672), new(336, 336), new(560, 448), new(448, 336),
        new(784, 560), new(448, 448), new(336, 448), new(560, 336), new(1120, 784), new(448, 448), new(560, 448), new(336, 336),
    ];

    private static readonly ScreenSize[] s_histories =
    [
        new(336, 336), new(448, 336), new(336, 336), new(336, 448), new(448, 448), new(336, 336), new(560, 336), new(336, 336), new(448, 336), new(336, 448), new(336, 336), new(448, 448),
    ];

    private readonly ulong _firstSeed;
    private readonly Stratum[] _strata;

    // The tasks of all strata, evenly mixed: the k-th of n stands at (k + 1/2) / n of the whole.
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

    /// <summary>MiniGui-Bench.</summary>
    public static MiniGuiPlan Bench { get; } = new(FirstBenchSeed,
    [
        .. Of(Split.Test, TaskForm.Screen, 120, TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read),
        .. Of(Split.Test, TaskForm.First, 110, TaskKind.Step, TaskKind.TypeGiven, TaskKind.RecallWord, TaskKind.RecallRow),
        .. Of(Split.Test, TaskForm.Last, 110, TaskKind.RecallWord, TaskKind.RecallRow),
        .. Of(Split.Test, TaskForm.Last, 40, TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read),
        .. Of(Split.Words, TaskForm.Screen, 50, TaskKind.Text),
        .. Of(Split.Pairs, TaskForm.Screen, 50, TaskKind.Text),
        .. Of(Split.Icons, TaskForm.Screen, 50, TaskKind.Icon),
        .. Of(Split.Layouts, TaskForm.Screen, 25, TaskKind.Text, TaskKind.Relation),
    ]);

    /// <summary>Equally many tasks of every kind and form of the test split, none of them in the benchmark: for a model's card.</summary>
    /// <param name="count">Tasks of each, 1 to <see cref="MaxOfKind"/>.</param>
    public static MiniGuiPlan OfEachKind(int count) => new(FirstOtherSeed,
    [
        .. Of(Split.Test, TaskForm.Screen, count, TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read),
        .. Of(Split.Test, TaskForm.First, count, TaskKind.Step, TaskKind.TypeGiven, TaskKind.RecallWord, TaskKind.RecallRow),
        .. Of(Split.Test, TaskForm.Last, count, TaskKind.RecallWord, TaskKind.RecallRow),
    ]);

    private sealed record Stratum(Split Split, TaskForm Form, TaskKind Kind, int Count);

    /// <summary>How many tasks there are.</summary>
    public int Count => _order.Length;

    /// <summary>Finds and draws the task at a place, 0 to <see cref="Count"/> − 1.</summary>
    /// <param name="place">The place.</param>
    /// <param name="painter">Draws the frames for their checksums.</param>
    public MiniGuiTask Find(int place, ScreenPainter painter)
    {
        var (stratum, number) = _order[place];
        var (split, form, kind, _) = _strata[stratum];
        var sizes = form is TaskForm.Screen ? s_screens : s_histories;
        // Strata begin at different sizes, so that a prefix of the benchmark has all of them.
        var size = sizes[(number + 5 * stratum) % sizes.Length];
        var first = _firstSeed + (ulong)stratum * SeedsOfStratum + (ulong)number * SeedsOfTask;
        for (var seed = first; seed < first + SeedsOfTask; seed++)
        {
            if (MiniGuiDrawing.Of(seed, split, form, kind, size) is not { } drawing)
                continue;
            return new MiniGuiTask
            {
                Id = $"{split}-{form}-{kind}-{number:D3}".ToLowerInvariant(),
                Split = split,
                Form = form,
                Kind = kind,
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

    private static IEnumerable<Stratum> Of(Split split, TaskForm form, int count, params TaskKind[] kinds) => kinds.Select(kind => new Stratum(split, form, kind, count));
}
