using StarKV.MiniGui;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>Tasks of one sort in a plan.</summary>
/// <param name="Split">What their screens may show.</param>
/// <param name="Form">How many screens they have, and where the instruction stands.</param>
/// <param name="Kind">What they ask for.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Stratum(Split Split, TaskForm Form, TaskKind Kind, int Count)
{
    // Small screens are most: they decide how long a run takes.
    private static readonly ScreenSize[] s_screens =
    [
        new(336, 336),
        new(448, 448),
        new(448, 336),
        new(672, 448),
        new(336, 448),
        new(560, 336),
        new(896, 672),
        new(336, 336),
        new(560, 448),
        new(448, 336),
        new(784, 560), new(448, 448), new(336, 448), new(560, 336), new(1120, 784), new(448, 448), new(560, 448), new(336, 336),
    ];

    private static readonly ScreenSize[] s_histories =
    [
        new(336, 336),
        new(448, 336),
        new(336, 336),
        new(336, 448),
        new(448, 448),
        new(336, 336),
        new(560, 336),
        new(336, 336),
        new(448, 336),
        new(336, 448),
        new(336, 336),
        new(448, 448),
    ];

    /// <value>What makes them harder; null (default) for the plain world.</value>
    public Challenge? Challenge { get; init; }

    /// <value>The sizes of their screens, taken by turns; default those of version 1 for the form.</value>
    public IReadOnlyList<ScreenSize> Sizes { get; init; } = Form is TaskForm.Screen ? s_screens : s_histories;

    /// <value>What their ids begin with.</value>
    public string Name { get; init; } = $"{Split}-{Form}-{Kind}".ToLowerInvariant();

    /// <summary>Strata of several kinds that are equal in all else.</summary>
    public static IEnumerable<Stratum> Of(Split split, TaskForm form, int count, params TaskKind[] kinds) =>
        kinds.Select(kind => new Stratum(split, form, kind, count));
}
