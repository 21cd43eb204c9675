using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Screens;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Histories;

/// <summary>Tries to draw one screen with the questions of a challenge.</summary>
internal static class ChallengeScreens
{
    // Two columns of a narrower screen leave no room for a table or a long text.
    private const int WideEnough = 1120;

    public static (Screen Screen, List<Question> Questions)? TryMake(
        SeededRandom random, Split split, ScreenSize size, Challenge challenge, SampleOptions options)
    {
        var vocabulary = new Vocabulary(split) { HasLongValues = challenge is Challenge.LongText };
        var (draft, layout) = ScreenMaker.Make(
            random, vocabulary, size, options.Density, Needs(challenge), b => b.Columns == 1 || size.Width >= WideEnough);
        var app = new App(draft, layout);
        if (challenge is Challenge.Message)
        {
            var buttons = app.Reachable().Where(e => e.Kind is ElementKind.Button).ToList();
            if (buttons.Count == 0 || Fronts.Dialog(draft, random.Between(0, 3), random.Pick(buttons).Text) is not { } dialog)
                return null;
            app.Open(dialog);
        }

        var screen = app.Shot();
        // No instruction may have two answers, and a message that hides its twin tells nothing apart.
        var all = new ChallengeQuestions(screen, random).All(challenge).GroupBy(q => q.Instruction).Where(g => g.Count() == 1)
            .Select(g => g.First()).ToList();
        if (all.Count == 0 || (challenge is Challenge.Message && all.Count < 2))
            return null;
        return (screen, [.. random.Shuffled(all).Take(options.Questions)]);
    }

    private static IReadOnlyList<Section> Needs(Challenge challenge) => challenge switch
    {
        Challenge.LongText => [Section.Facts, Section.Form],
        Challenge.Blocks => [Section.Blocks],
        Challenge.Table => [Section.Table],
        Challenge.Cards => [Section.Cards],
        Challenge.Twins => [Section.Twins],
        _ => [Section.Buttons],
    };
}
