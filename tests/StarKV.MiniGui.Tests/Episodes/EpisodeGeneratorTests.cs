using CsCheck;
using StarKV.MiniGui.Episodes;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Episodes;

public sealed class EpisodeGeneratorTests
{
    private static readonly Split[] s_splits = [Split.Train, Split.Test, Split.Layouts];
    private static readonly Gen<Episode> s_episodes = Gen.Select(
        Gen.ULong, Gen.Int[0, 2], Gen.Int[0, Samples.Sizes.Count - 1], Gen.Int[4, 24], Gen.Int[3, 7])
        .Select((seed, split, size, steps, window) =>
            EpisodeGenerator.Draw(seed, s_splits[split], Samples.Sizes[size], new EpisodeOptions { Steps = steps, Window = window }));

    [Fact]
    public void Equal_arguments_give_equal_episodes() => Gen.Select(Gen.ULong, Gen.Int[0, 2]).Sample((seed, split) =>
    {
        var (a, b) = (Drawn(), Drawn());
        Assert.Equal(a.Steps.SelectMany(s => s.Screen.Elements), b.Steps.SelectMany(s => s.Screen.Elements));
        Assert.Equal(a.Steps.Select(s => (s.Question, s.StepsAgo)), b.Steps.Select(s => (s.Question, s.StepsAgo)));

        Episode Drawn() => EpisodeGenerator.Draw(seed, s_splits[split], new(336, 336));
    }, iter: 30, threads: 1);

    [Fact]
    public void Seeds_and_splits_draw_different_episodes()
    {
        var first = Enumerable.Range(0, 20).SelectMany(seed => s_splits.Select(split =>
            string.Join('|', EpisodeGenerator.Draw((ulong)seed, split, new(336, 336)).Steps[0].Screen.Marks()))).ToList();
        Assert.Equal(60, first.Distinct().Count());
        var history = SampleGenerator.History(3, Split.Test, new(336, 336), Order.First);
        Assert.NotEqual(
            string.Join('|', history.Frames[0].Marks()),
            string.Join('|', EpisodeGenerator.Draw(3, Split.Test, new(336, 336)).Steps[0].Screen.Marks()));
    }

    [Fact]
    public void What_is_remembered_is_nowhere_but_where_it_was_seen_last() => EveryEpisode(episode =>
    {
        foreach (var (place, step) in episode.Steps.Index())
        {
            if (!step.Question.NeedsEarlierFrame)
            {
                Assert.Equal(0, step.StepsAgo);
                continue;
            }

            var subject = step.Question.Subject;
            var past = episode.Steps.Take(place).ToList();
            var given = past.SelectMany(s => new[] { s.Text, s.Answer }).Append(step.Text).Append(episode.Instruction);
            Assert.All(given, text => Assert.DoesNotContain(subject, text, StringComparison.Ordinal));
            Assert.InRange(step.StepsAgo, 1, place);
            Assert.True(Seen(past[place - step.StepsAgo]), $"{step.Question}");
            Assert.DoesNotContain(past.Skip(place - step.StepsAgo + 1).Append(step), Seen);

            bool Seen(EpisodeStep s) => step.Question.Kind is TaskKind.RecallWord
                ? s.Screen.Elements.Any(e => (e.Text == subject || e.Value == subject) && s.Screen.IsVisible(e))
                : s.Screen.Elements.Any(e => e is { Kind: ElementKind.Row, On: true } && e.Text == subject);
        }
    });

    [Fact]
    public void A_highlighted_row_was_the_only_one_and_its_place_is_in_no_answer() => EveryEpisode(episode =>
    {
        foreach (var (place, step) in episode.Steps.Index().Where(s => s.Item.Question.Kind is TaskKind.RecallRow))
        {
            var past = episode.Steps.Take(place).ToList();
            Assert.All(past, s => Assert.DoesNotContain(Answers.Point(step.Question.Target!.Value), s.Answer, StringComparison.Ordinal));
            Assert.Single(past.SelectMany(s => s.Screen.Elements).Where(e => e is { Kind: ElementKind.Row, On: true }).DistinctBy(e => e.Id));
            Assert.True(step.Screen.Elements.Count(e => e.Kind is ElementKind.Row && e.Group == step.Question.Clicks!.Group) >= 3);
        }
    });

    [Fact]
    public void A_name_asked_for_was_shown_once() => EveryEpisode(episode =>
    {
        foreach (var step in episode.Steps.Where(s => s.Question.Kind is TaskKind.RecallWord))
        {
            var name = step.Text.Split('"')[1];
            var values = episode.Steps.SelectMany(s => s.Screen.Elements).Where(e => e.Kind is ElementKind.Text && e.Name == name);
            Assert.Equal([step.Question.Subject], values.Select(e => e.Text).Distinct());
        }
    });

    [Fact]
    public void Every_answer_is_an_action_on_its_screen_and_leads_to_another_one() => EveryEpisode(episode =>
    {
        Assert.Equal(EpisodeGenerator.Instruction, episode.Instruction);
        Assert.Single(episode.Steps.Select(s => (s.Screen.Size, s.Screen.Look, s.Screen.Layout)).Distinct());
        Assert.Equal(Enumerable.Range(0, episode.Steps.Count), episode.Steps.Select(s => s.Question.Frame));
        Assert.All(episode.Steps.Zip(episode.Steps.Skip(1)), s => Assert.NotEqual(s.First.Screen.Elements, s.Second.Screen.Elements));
        foreach (var step in episode.Steps)
            if (step.Question.Clicks is { } clicked)
            {
                Assert.True(step.Screen.IsVisible(clicked), $"{step.Question}");
                Assert.Contains(step.Screen.Elements, e => e.Id == clicked.Id && e.Box == clicked.Box);
                Assert.Equal(Answers.Click(step.Question.Target!.Value), step.Answer);
            }
            else
            {
                Assert.Equal(Answers.Type(step.Question.Subject), step.Answer);
                Assert.Single(step.Screen.Elements, e => e is { Kind: ElementKind.Field, Focused: true });
            }
    });

    [Fact]
    public void What_is_typed_is_on_the_next_screen_in_full() => EveryEpisode(episode =>
    {
        foreach (var (step, next) in episode.Steps.Zip(episode.Steps.Skip(1)).Where(s => s.First.Question.Clicks is null))
        {
            var field = Assert.Single(next.Screen.Elements, e => e.Kind is ElementKind.Field && e.Value == step.Question.Subject);
            Assert.True(field.Box.Contains(field.TextBox), $"{field}");
        }
    });

    [Fact]
    public void Nothing_held_out_is_shown() => EveryEpisode(episode =>
    {
        Assert.Equal(episode.Split is Split.Layouts, HeldOut.Layout(episode.Steps[0].Screen.Layout));
        Assert.All(episode.Steps.SelectMany(s => s.Screen.Marks()).Where(m => !m.IsIcon), m => Assert.False(HeldOut.Word(m.Name), m.Name));
        Assert.All(episode.Steps.SelectMany(s => s.Screen.Elements), e =>
        {
            Assert.False(e.Icon is { } icon && HeldOut.Icon(icon, episode.Steps[0].Screen.Look.Theme.Name), e.Icon);
            Assert.False(e.Words.Split(' ') is [var a, var b] && HeldOut.Pair(a, b), e.Words);
        });
    });

    [Fact]
    public void Every_kind_comes_up_and_memory_reaches_into_the_window_and_beyond_it()
    {
        var steps = Enumerable.Range(0, 100)
            .SelectMany(i => EpisodeGenerator.Draw((ulong)i, Split.Test, new(336, 336), new EpisodeOptions { Steps = 20 }).Steps).ToList();
        Assert.Equal(
            [TaskKind.Text, TaskKind.Icon, TaskKind.Relation, TaskKind.TypeGiven, TaskKind.RecallWord, TaskKind.RecallRow],
            steps.Select(s => s.Question.Kind).Distinct().Order());
        Assert.Equal(Enumerable.Range(2, 9), steps.Where(s => s.Question.Kind is TaskKind.RecallWord).Select(s => s.StepsAgo).Distinct().Order());
        Assert.InRange(steps.Count(s => s.StepsAgo > 0), 350, 600);
        Assert.InRange(steps.Count(s => s.IsBeyond(5)) / (double)steps.Count(s => s.StepsAgo > 0), 0.4, 0.65);
        Assert.InRange(steps.Count(s => s.Question.Kind is TaskKind.RecallRow), 35, 65);
    }

    [Fact]
    public void The_window_is_the_options()
    {
        var options = new EpisodeOptions { Steps = 30, Window = 3, BeyondShare = 0 };
        var within = Enumerable.Range(0, 20).SelectMany(i => EpisodeGenerator.Draw((ulong)i, Split.Test, new(336, 336), options).Steps).ToList();
        Assert.All(within, s => Assert.False(s.IsBeyond(3)));
        Assert.Contains(within, s => s.IsBeyond(2));
        var none = Enumerable.Range(0, 20).SelectMany(i =>
            EpisodeGenerator.Draw((ulong)i, Split.Test, new(336, 336), options with { MemoryShare = 0 }).Steps);
        Assert.DoesNotContain(none, s => s.Question.Kind is TaskKind.RecallWord);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    public void The_shortest_and_the_longest_can_be_drawn(int steps) =>
        Assert.All(Samples.Sizes.Append(new(1904, 1064)), size =>
            Assert.Equal(steps, EpisodeGenerator.Draw(5, Split.Test, size, new EpisodeOptions { Steps = steps }).Steps.Count));

    [Fact]
    public void What_is_out_of_bounds_is_refused()
    {
        Assert.Contains("3; it must be 4 to 40", Refusal(Split.Test, new() { Steps = 3 }), StringComparison.Ordinal);
        Assert.Contains("41; it must be 4 to 40", Refusal(Split.Test, new() { Steps = 41 }), StringComparison.Ordinal);
        Assert.Contains("Window is 2", Refusal(Split.Test, new() { Window = 2 }), StringComparison.Ordinal);
        Assert.Contains("BeyondShare is 1.5", Refusal(Split.Test, new() { BeyondShare = 1.5 }), StringComparison.Ordinal);
        Assert.Contains("MemoryShare is NaN", Refusal(Split.Test, new() { MemoryShare = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("Density is -1", Refusal(Split.Test, new() { Density = -1 }), StringComparison.Ordinal);
        Assert.Contains("words is for single questions", Refusal(Split.Words, new()), StringComparison.Ordinal);
        Assert.Contains("338x336", Assert.Throws<ArgumentOutOfRangeException>(() =>
            EpisodeGenerator.Draw(1, Split.Test, new(338, 336))).Message, StringComparison.Ordinal);

        static string Refusal(Split split, EpisodeOptions options) =>
            Assert.ThrowsAny<ArgumentException>(() => EpisodeGenerator.Draw(1, split, new(336, 336), options)).Message;
    }

    private static void EveryEpisode(Action<Episode> holds) => s_episodes.Sample(holds, iter: 120, threads: 1);
}
