using CsCheck;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Tasks;

/// <summary>Harder samples: each question has one answer, which what is shown tells, and is as hard as its challenge says.</summary>
public sealed class ChallengeTests
{
    private static readonly ScreenSize[] s_sizes = [new(448, 448), new(560, 448), new(784, 560), new(896, 672), new(1904, 1064)];

    public static TheoryData<Challenge> Challenges { get; } = [.. Enum.GetValues<Challenge>()];

    [Theory]
    [MemberData(nameof(Challenges))]
    public void An_oracle_that_sees_the_screen_alone_finds_the_one_answer(Challenge challenge) => EveryQuestion(challenge, (sample, q) =>
    {
        var screen = sample.Frames[0];
        var meant = Assert.Single(new ScreenOracle(screen).Meant(q.Instruction));
        Assert.True(screen.IsVisible(meant));
        Assert.Equal(q.Answer, q.Clicks is null ? Answers.Type(meant.Words) : Answers.Click(meant.Target));
        if (q.Target is { } box)
            Assert.True(meant.Box.Contains(box.Center.X, box.Center.Y) && box.Width >= 8 && box.Height >= 8, $"{q}");
    });

    [Theory]
    [InlineData(Challenge.Cards)]
    [InlineData(Challenge.Twins)]
    [InlineData(Challenge.Message)]
    [InlineData(Challenge.Table)]
    public void What_is_clicked_has_words_that_the_screen_shows_elsewhere_too(Challenge challenge) => EveryQuestion(challenge, (sample, q) =>
        Assert.True(q.Clicks is null || sample.Frames[0].Elements.Count(e => e.Text == q.Clicks.Text) > 1, $"{q}"));

    [Fact]
    public void Blocks_cover_4_to_30_cells_and_their_words_are_not_in_the_middle() => EveryQuestion(Challenge.Blocks, (sample, q) =>
    {
        var block = q.Clicks ?? q.About!;
        Assert.InRange(block.Box.Area / 784.0, 4, 30);
        Assert.Equal(0, block.Target.Overlap(block.TextBox));
        Assert.True(block.Box.Contains(block.TextBox) && block.Box.Contains(block.Target));
        Assert.Equal(0, block.IconBox.Overlap(block.TextBox));
        if (q.IsAtPoint)
            Assert.False(block.TextBox.Grown(14, 14).Contains(block.Target));
    });

    [Fact]
    public void Long_texts_have_3_to_6_words_that_fit_where_they_stand() => Gen.Select(Gen.ULong, Gen.Int[0, 2], Gen.Bool).Sample((seed, form, large) =>
    {
        var options = new SampleOptions { Challenge = Challenge.LongText };
        ScreenSize size = large ? new(560, 448) : new(448, 336);
        var sample = form == 0 ? SampleGenerator.OneScreen(seed, Split.Test, size, options) : SampleGenerator.History(seed, Split.Test, size, form == 1 ? Order.First : Order.Last, options);
        foreach (var e in sample.Frames.SelectMany(f => f.Elements).Where(e => e is { Kind: ElementKind.Field, Value: not "" } or { Kind: ElementKind.Text, Name: not "" }))
        {
            var words = e.Words.Split(' ');
            Assert.InRange(words.Length, 3, 6);
            Assert.Equal(words.Length, words.Distinct().Count());
            Assert.True(e.TextBox.Right <= (e.Kind is ElementKind.Field ? e.Box.Right : size.Width), $"{e}");
        }

        Assert.All(sample.Questions.Where(q => q.Kind is TaskKind.TypeGiven or TaskKind.RecallWord), q => Assert.InRange(q.Subject.Split(' ').Length, 3, 6));
        if (form == 0)
            Assert.All(sample.Questions, q => Assert.InRange(q.Subject.Split(' ').Length, 3, 6));
    }, iter: 60, threads: 1);

    [Fact]
    public void A_remembered_text_is_nowhere_but_in_an_earlier_frame()
    {
        var options = new SampleOptions { Challenge = Challenge.LongText, MemoryShare = 1 };
        var recalled = 0;
        foreach (var order in Enum.GetValues<Order>())
            for (var seed = 0UL; seed < 40; seed++)
            {
                var sample = SampleGenerator.History(seed, Split.Test, new(560, 336), order, options);
                foreach (var q in sample.Questions.Where(q => q.Kind is TaskKind.RecallWord))
                {
                    recalled++;
                    Assert.DoesNotContain(sample.Frames[q.Frame].Elements, e => e.Words == q.Subject);
                    Assert.Contains(sample.Frames.Take(q.Frame), f => f.Elements.Any(e => e.Words == q.Subject && f.IsVisible(e)));
                    Assert.All(sample.PastActions.Take(q.Frame).Append(q.Instruction), text => Assert.DoesNotContain(q.Subject, text, StringComparison.Ordinal));
                }
            }

        Assert.InRange(recalled, 30, 400);
    }

    [Theory]
    [MemberData(nameof(Challenges))]
    public void A_seed_gives_one_sample_and_challenges_differ(Challenge challenge)
    {
        var options = new SampleOptions { Challenge = challenge };
        var (one, again) = (SampleGenerator.OneScreen(5, Split.Test, new(784, 560), options), SampleGenerator.OneScreen(5, Split.Test, new(784, 560), options));
        Assert.Equal(one.Questions, again.Questions);
        Assert.Equal(one.Frames[0].Elements, again.Frames[0].Elements);
        Assert.NotEqual(one.Frames[0].Elements, SampleGenerator.OneScreen(5, Split.Test, new(784, 560)).Frames[0].Elements);
    }

    [Fact]
    public void What_there_is_not_is_refused()
    {
        var table = new SampleOptions { Challenge = Challenge.Table };
        Assert.Contains("take long-text", Assert.Throws<ArgumentException>(() => SampleGenerator.History(1, Split.Test, new(448, 448), Order.Last, table)).Message, StringComparison.Ordinal);
        Assert.Contains("not words", Assert.Throws<ArgumentException>(() => SampleGenerator.OneScreen(1, Split.Words, new(448, 448), table)).Message, StringComparison.Ordinal);
    }

    private static void EveryQuestion(Challenge challenge, Action<Sample, Question> holds) => Gen.Select(Gen.ULong, Gen.Int[0, s_sizes.Length - 1]).Sample((seed, size) =>
    {
        var sample = SampleGenerator.OneScreen(seed, Split.Test, s_sizes[size], new SampleOptions { Challenge = challenge });
        foreach (var question in sample.Questions)
            holds(sample, question);
    }, iter: 100, threads: 1);
}
