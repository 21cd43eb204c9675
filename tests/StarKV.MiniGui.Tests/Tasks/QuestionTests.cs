using CsCheck;
using StarKV.Act;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Tasks;

/// <summary>What holds for every question of every sample.</summary>
public sealed class QuestionTests
{
    [Fact]
    public void Every_answer_is_an_action_and_every_click_hits_its_target() => EveryQuestion((sample, q) =>
    {
        var parsed = new UiTarsActionParser().Parse(q.Answer, sample.Size.Width, sample.Size.Height);
        Assert.Empty(parsed.Diagnostics);
        var action = Assert.Single(parsed.Actions);
        Assert.Equal(q.Target is not null, action.Name == "click");
        if (q.Target is { } box)
            Assert.True(box.Contains((int)Math.Round(action.Point!.Value.X * sample.Size.Width), (int)Math.Round(action.Point!.Value.Y * sample.Size.Height)), q.Answer);
        else if (q.Kind is not TaskKind.Finish)
            Assert.Equal(q.Subject, action.Text);
    });

    [Fact]
    public void What_is_clicked_is_on_the_current_frame_in_full_view() => EveryQuestion((sample, q) =>
    {
        if (q.Clicks is not { } element)
            return;
        var frame = sample.Frames[q.Frame];
        Assert.Contains(frame.Elements, e => e.Id == element.Id && e.Box == element.Box);
        Assert.True(frame.IsVisible(element), $"{q}");
    });

    [Fact]
    public void A_target_is_tight_and_no_other_click_lies_in_it() => EveryQuestion((sample, q) =>
    {
        if (q.Target is not { } box)
            return;
        var frame = sample.Frames[q.Frame];
        Assert.InRange(box.Area, 1, 0.07 * sample.Size.Width * sample.Size.Height);
        Assert.All(frame.Elements.Where(e => e.Id != q.Clicks!.Id && e.Layer == q.Clicks.Layer && e.Target.Area > 0),
            e => Assert.False(e.Target.Contains(box.Center.X, box.Center.Y), $"{q} {e}"));
    });

    [Fact]
    public void Targets_are_small_on_average()
    {
        var shares = Samples.First(150, (seed, size) => SampleGenerator.OneScreen(seed, Split.Train, size))
            .SelectMany(s => s.Questions.Select(q => q.Target is { } box ? box.Area / (double)(s.Size.Width * s.Size.Height) : 0)).Where(a => a > 0).ToList();
        Assert.InRange(shares.Average(), 0.001, 0.012);
    }

    [Fact]
    public void Nothing_asked_twice_and_no_digit_to_type() => Samples.Any.Sample(sample =>
    {
        Assert.Equal(sample.Questions.Count, sample.Questions.DistinctBy(q => (q.Frame, q.Instruction)).Count());
        Assert.All(sample.Questions, q => Assert.DoesNotContain(q.Subject, char.IsDigit));
    }, iter: 100, threads: 1);

    [Fact]
    public void Single_screens_ask_each_kind_about_as_often_as_planned()
    {
        var kinds = Samples.First(200, (seed, size) => SampleGenerator.OneScreen(seed, Split.Train, size)).SelectMany(s => s.Questions).CountBy(q => q.Kind).ToDictionary();
        Assert.Equal([TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.Read], kinds.Keys.Order());
        var all = (double)kinds.Values.Sum();
        Assert.InRange(kinds[TaskKind.Text] / all, 0.33, 0.47);
        Assert.InRange(kinds[TaskKind.Icon] / all, 0.08, 0.22);
        Assert.InRange(kinds[TaskKind.Relation] / all, 0.22, 0.36);
        Assert.InRange(kinds[TaskKind.Read] / all, 0.1, 0.25);
    }

    private static void EveryQuestion(Action<Sample, Question> holds) => Samples.Any.Sample(sample =>
    {
        foreach (var question in sample.Questions)
            holds(sample, question);
    }, iter: 200, threads: 1);
}
