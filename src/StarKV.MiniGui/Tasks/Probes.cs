using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tasks;

/// <summary>Which questions a split asks: those about what it holds out.</summary>
internal static class Probes
{
    public static bool IsAsked(Split split, Question question, Screen screen) => split switch
    {
        Split.Words => question.Subject != "" && question.Subject.Split(' ').Any(HeldOut.Word),
        Split.Pairs => question.Subject.Split(' ') is [var first, var second] && HeldOut.Pair(first, second),
        Split.Icons => IsAboutIcon(question) && HeldOut.Icon(question.Subject, screen.Look.Theme.Name),
        _ => true,
    };

    private static bool IsAboutIcon(Question question) =>
        question.Kind is TaskKind.Icon || question is { Kind: TaskKind.Step, Clicks.Kind: ElementKind.IconButton };
}
