using StarKV.MiniGui;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>Of what version 2 of MiniGui-Bench consists: 1,200 tasks in four groups.</summary>
internal static class HardStrata
{
    private static readonly ScreenSize s_large = new(1904, 1064);

    // One screen in six is large.
    private static readonly ScreenSize[] s_screens = [new(560, 448), new(672, 448), new(448, 448), new(784, 560), new(896, 672), s_large];

    private static readonly ScreenSize[] s_histories = [new(560, 336), new(448, 448), new(560, 448), new(448, 336)];

    /// <summary>The strata, in the order of their seeds.</summary>
    public static Stratum[] All { get; } =
    [
        .. Screens(null, 60, [s_large], TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read),
        .. Screens(Challenge.LongText, 120, s_screens, TaskKind.Read),
        .. Histories(TaskForm.First, TaskKind.TypeGiven, TaskKind.RecallWord),
        .. Histories(TaskForm.Last, TaskKind.RecallWord),
        .. Screens(Challenge.Blocks, 120, s_screens, TaskKind.Text),
        .. Screens(Challenge.Blocks, 90, s_screens, TaskKind.Relation, TaskKind.Read),
        .. Screens(Challenge.Table, 90, s_screens, TaskKind.Relation, TaskKind.Read),
        .. Screens(Challenge.Cards, 60, s_screens, TaskKind.Relation),
        .. Screens(Challenge.Twins, 60, s_screens, TaskKind.Relation),
        .. Screens(Challenge.Message, 60, s_screens, TaskKind.Relation),
    ];

    private static IEnumerable<Stratum> Screens(
        Challenge? challenge, int count, IReadOnlyList<ScreenSize> sizes, params TaskKind[] kinds) =>
        Stratum.Of(Split.Test, TaskForm.Screen, count, kinds).Select(s => s with
        {
            Challenge = challenge,
            Sizes = sizes,
            Name = Named(challenge is { } some ? LabelNames.Of(some) : "large", s),
        });

    private static IEnumerable<Stratum> Histories(TaskForm form, params TaskKind[] kinds) =>
        Stratum.Of(Split.Test, form, 60, kinds).Select(s => s with
        {
            Challenge = Challenge.LongText,
            Sizes = s_histories,
            Name = Named(LabelNames.Of(Challenge.LongText), s),
        });

    private static string Named(string group, Stratum s) => $"{group}-{LabelNames.Of(s.Form)}-{LabelNames.Of(s.Kind)}";
}
