using CsCheck;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Words;

public sealed class HeldOutTests
{
    private static readonly HashSet<string> s_known = [.. WordLists.Ui, .. WordLists.Code];

    [Fact]
    public void Lists_hold_what_they_say()
    {
        Assert.Equal(291, WordLists.Ui.Distinct().Count());
        Assert.Equal(80, WordLists.Code.Distinct().Count());
        Assert.Equal(40, IconShapes.Names.Distinct().Count());
        Assert.All(WordLists.Ui, w => Assert.Matches("^[A-Z][a-z]+$", w));
        Assert.All(WordLists.Code, w => Assert.Matches("^[a-z]+$", w));
    }

    [Fact]
    public void About_the_said_shares_are_held_out()
    {
        Assert.InRange(WordLists.Ui.Count(HeldOut.Word), 12, 26);
        Assert.InRange(WordLists.Code.Count(HeldOut.Word), 6, 15);
        Assert.InRange(WordLists.Ui.SelectMany(a => WordLists.Ui.Select(b => HeldOut.Pair(a, b) ? 1.0 : 0)).Average(), 0.12, 0.13);
        Assert.All(Themes.All, t => Assert.InRange(IconShapes.Names.Count(i => HeldOut.Icon(i, t.Name)), 1, 12));
    }

    [Fact]
    public void The_choice_never_changes() => Assert.Equal(
        File.ReadAllLines(RepositoryFiles.Path("tests", "StarKV.MiniGui.Tests", "Words", "held-out-words.txt")),
        WordLists.Ui.Concat(WordLists.Code).Where(HeldOut.Word));

    [Fact]
    public void Training_and_test_show_nothing_that_is_held_out() => Samples.Any.Where(s => s.Split is Split.Train or Split.Test).Sample(sample =>
    {
        foreach (var frame in sample.Frames)
        {
            Assert.All(Texts(frame), text =>
            {
                Assert.All(text.Split(' '), word => Assert.True(s_known.Contains(word) && !HeldOut.Word(word), word));
                Assert.False(text.Split(' ') is [var a, var b] && HeldOut.Pair(a, b), text);
            });
            Assert.All(frame.Elements.Select(e => e.Icon).OfType<string>(), icon => Assert.False(HeldOut.Icon(icon, frame.Look.Theme.Name), icon));
            Assert.False(HeldOut.Layout(frame.Layout), frame.Layout);
        }
    }, iter: 150, threads: 1);

    [Fact]
    public void Questions_of_the_other_splits_are_about_what_they_hold_out() => Samples.Any.Where(s => s.Split > Split.Test).Sample(sample =>
        Assert.All(sample.Questions, q => Assert.True(
            sample.Split switch
            {
                Split.Words => q.Subject.Split(' ').Any(HeldOut.Word),
                Split.Pairs => q.Subject.Split(' ') is [var a, var b] && HeldOut.Pair(a, b),
                Split.Icons => q.Kind is TaskKind.Icon or TaskKind.Step && q.Instruction.Contains($"the {q.Subject} icon", StringComparison.OrdinalIgnoreCase) && HeldOut.Icon(q.Clicks!.Icon!, sample.Frames[q.Frame].Look.Theme.Name),
                _ => HeldOut.Layout(sample.Frames[q.Frame].Layout),
            }, $"{sample.Split}: {q}")), iter: 150, threads: 1);

    private static IEnumerable<string> Texts(Screen screen) => screen.Elements.SelectMany(e => new[] { e.Text, e.Value }).Where(t => t != "");
}
