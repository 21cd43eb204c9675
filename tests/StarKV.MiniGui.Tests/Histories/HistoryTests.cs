using CsCheck;
using StarKV.MiniGui.Histories;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Histories;

public sealed class HistoryTests
{
    [Fact]
    public void The_answer_of_a_memory_task_is_nowhere_but_in_an_earlier_frame() => EveryHistory(sample =>
    {
        foreach (var q in sample.Questions.Where(q => q.NeedsEarlierFrame))
        {
            var given = sample.PastActions.Take(q.Frame).Append(q.Instruction).ToList();
            var (current, earlier) = (sample.Frames[q.Frame], sample.Frames.Take(q.Frame).ToList());
            Assert.All(given, text => Assert.DoesNotContain(q.Subject, text, StringComparison.Ordinal));
            if (q.Kind is TaskKind.RecallWord)
            {
                Assert.DoesNotContain(current.Marks(), m => m.Name == q.Subject);
                Assert.Contains(earlier, f => f.Elements.Any(e => (e.Text == q.Subject || e.Value == q.Subject) && f.IsVisible(e)));
            }
            else
            {
                Assert.All(given, text => Assert.DoesNotContain(Answers.Point(q.Target!.Value), text, StringComparison.Ordinal));
                Assert.DoesNotContain(current.Elements, e => e is { Kind: ElementKind.Row, On: true });
                Assert.Single(earlier[0].Elements, e => e is { Kind: ElementKind.Row, On: true } && e.Text == q.Subject);
                Assert.True(current.Elements.Count(e => e.Kind is ElementKind.Row && e.Group == q.Clicks!.Group) >= 3);
            }
        }
    });

    [Fact]
    public void Frames_actions_and_questions_fit_together() => EveryHistory(sample =>
    {
        Assert.InRange(sample.Frames.Count, 2, 8);
        Assert.Equal(sample.Frames.Count - 1, sample.PastActions.Count);
        Assert.Single(sample.Frames.Select(f => (f.Size, f.Look, f.Layout)).Distinct());
        if (sample.Order is Order.Last)
        {
            Assert.All(sample.Questions, q => Assert.Equal(sample.Frames.Count - 1, q.Frame));
            return;
        }

        Assert.Single(sample.Questions.Select(q => q.Instruction).Distinct());
        Assert.All(sample.Questions, q => Assert.Equal(q.Frame < sample.PastActions.Count ? sample.PastActions[q.Frame] : Answers.Finished, q.Answer));
        if (sample.Split is Split.Train or Split.Test or Split.Layouts)
            Assert.Equal(Enumerable.Range(0, sample.Frames.Count), sample.Questions.Select(q => q.Frame));
    });

    [Fact]
    public void Screens_mostly_stay_the_same_but_every_action_shows() => EveryHistory(sample =>
    {
        foreach (var (before, after) in sample.Frames.Zip(sample.Frames.Skip(1)))
        {
            Assert.NotEqual(before.Elements, after.Elements);
            var chrome = before.Elements.Where(e => e.Page < 0 && e.Layer == 0 && e.Kind is ElementKind.Bar or ElementKind.Title or ElementKind.NavItem).ToList();
            Assert.All(chrome, e => Assert.Contains(e with { Focused = false }, after.Elements.Select(a => a with { Focused = false })));
        }
    });

    [Fact]
    public void A_leak_is_found()
    {
        var memory = Samples.First(300, (seed, size) => SampleGenerator.History(seed, Split.Train, size, Order.Last))
            .SelectMany(s => s.Questions.Where(q => q.NeedsEarlierFrame).Select(q => (s, q))).ToList();
        foreach (var kind in new[] { TaskKind.RecallWord, TaskKind.RecallRow })
        {
            var (sample, q) = memory.First(m => m.q.Kind == kind);
            Assert.False(Leaks.In(q, sample.Frames, sample.PastActions));
            Assert.True(Leaks.In(q, sample.Frames, [q.Answer, .. sample.PastActions.Skip(1)]));
            Assert.True(Leaks.In(q with { Instruction = $"Type {q.Subject}" }, sample.Frames, sample.PastActions));
            Assert.True(Leaks.In(q, [.. sample.Frames.Take(q.Frame), sample.Frames[0]], sample.PastActions));
            Assert.True(Leaks.In(q, [.. Enumerable.Repeat(sample.Frames[^1], sample.Frames.Count)], sample.PastActions));
        }
    }

    [Theory]
    [InlineData(Order.First)]
    [InlineData(Order.Last)]
    public void Every_kind_of_task_and_every_length_comes_up(Order order)
    {
        var samples = Samples.First(300, (seed, size) => SampleGenerator.History(seed, Split.Train, size, order, new SampleOptions { MaxFrames = 8 })).ToList();
        var kinds = samples.SelectMany(s => s.Questions).Select(q => q.Kind).ToHashSet();
        Assert.Equal(
            order is Order.First
                ? [TaskKind.Step, TaskKind.TypeGiven, TaskKind.RecallWord, TaskKind.RecallRow, TaskKind.Finish]
                : [TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read, TaskKind.RecallWord, TaskKind.RecallRow],
            kinds.Order());
        Assert.Equal(Enumerable.Range(2, 7), samples.Select(s => s.Frames.Count).Distinct().Order());
        Assert.InRange(samples.Count(s => s.Questions.Any(q => q.Kind is TaskKind.RecallWord)), 90, 150);
        Assert.InRange(samples.Count(s => s.Questions.Any(q => q.Kind is TaskKind.RecallRow)), 40, 80);
    }

    private static void EveryHistory(Action<Sample> holds) => Samples.Histories.Sample(holds, iter: 250, threads: 1);
}
