using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using StarKV.Act;
using StarKV.MiniGui.Histories;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;
using StarKV.Text;

namespace StarKV.MiniGui.Tests.Thinking;

/// <summary>Thoughts are short, true, in words that the model knows, and change nothing else.</summary>
public sealed partial class ThoughtTests
{
    private static readonly SampleOptions s_thinking = new() { Thoughts = true, MaxFrames = 6 };
    private static readonly QwenTokenizer s_tokenizer = QwenTokenizer.Load(RepositoryFiles.Path("models", "mini", "tokenizer.json"));

    [Fact]
    public void Samples_with_thoughts_are_those_without_but_for_the_thoughts() => Gen.Select(Gen.ULong, Gen.Enum<Split>(), Gen.Int[0, 2], Gen.Bool).Sample((seed, split, form, drill) =>
    {
        var plain = s_thinking with { Thoughts = false, Drill = drill };
        var (without, with) = (Draw(seed, split, form, plain), Draw(seed, split, form, plain with { Thoughts = true }));
        Assert.Equal(without.Frames.SelectMany(f => f.Elements), with.Frames.SelectMany(f => f.Elements));
        Assert.Equal(without.Questions, with.Questions.Select(q => q with { Thought = "", Answer = q.Action }));
        Assert.Equal(without.PastActions, with.PastActions.Select(a => a[(a.IndexOf('\n', StringComparison.Ordinal) + 1)..]));
        Assert.All(with.Questions, q => Assert.Equal(q.Kind is TaskKind.List, q.Thought == ""));
        Assert.All(with.PastActions, a => Assert.StartsWith("Thought: ", a, StringComparison.Ordinal));
        // What was done on a frame is what the question about it wants, word by word.
        if (form == 1)
            Assert.All(with.Questions.Where(q => q.Frame < with.PastActions.Count), q => Assert.Equal(with.PastActions[q.Frame], q.Answer));
    }, iter: 60, threads: 1);

    [Fact]
    public void The_parser_reads_the_thought_and_the_action() => EveryThought((sample, q) =>
    {
        var parsed = new UiTarsActionParser().Parse(q.Answer, sample.Size.Width, sample.Size.Height);
        Assert.Empty(parsed.Diagnostics);
        Assert.Equal(q.Thought, parsed.Thought);
        var (action, plain) = (Assert.Single(parsed.Actions), new UiTarsActionParser().Parse(q.Action, sample.Size.Width, sample.Size.Height).First!);
        Assert.Equal((plain.Name, plain.Point, plain.Text, plain.Source), (action.Name, action.Point, action.Text, action.Source));
    });

    [Fact]
    public void Thoughts_have_6_to_25_tokens_in_words_of_at_most_3() => EveryThought((_, q) =>
    {
        Assert.True(s_tokenizer.Encode(" " + q.Thought).Length is >= 6 and <= 25, $"{s_tokenizer.Encode(" " + q.Thought).Length} tokens: {q.Thought}");
        Assert.All(Quoted().Replace(q.Thought, "").Split([' ', '.', ',', ':'], StringSplitOptions.RemoveEmptyEntries),
            word => Assert.True(s_tokenizer.Encode(" " + word).Length <= 3, $"{word}: {q.Thought}"));
        // The action is tokenised as it is alone.
        var (opening, action) = (s_tokenizer.Encode(Answers.Opening(q.Thought)), s_tokenizer.Encode(q.Action));
        Assert.Equal([.. opening, .. action], s_tokenizer.Encode(q.Answer));
    });

    [Fact]
    public void What_is_to_be_read_or_remembered_is_in_no_thought() => EveryThought((sample, q) =>
    {
        if (q.Kind is TaskKind.Read or TaskKind.RecallWord)
            Assert.DoesNotContain(q.Subject, q.Thought, StringComparison.Ordinal);
        if (!q.NeedsEarlierFrame)
            return;
        Assert.False(Leaks.In(q, sample.Frames, sample.PastActions));
        Assert.All(sample.PastActions.Take(q.Frame), a => Assert.DoesNotContain($"\"{q.Subject}\"", a, StringComparison.Ordinal));
    });

    [Fact]
    public void Places_are_those_of_what_is_clicked_or_read() => EveryThought((sample, q) =>
    {
        var screen = sample.Frames[q.Frame];
        var told = q.Beside?.Anchor ?? q.Clicks ?? q.About;
        if (told is null || q.Thought.StartsWith("The item ", StringComparison.Ordinal))
            return;
        // Of an icon in a row, the row's place may be told.
        var inRow = told.Kind is ElementKind.RowIcon ? screen.Elements.First(e => e.Kind is ElementKind.Row && e.Text == told.Name) : told;
        foreach (Match match in Row().Matches(q.Thought))
        {
            var above = screen.Elements.Where(e => e.Kind == inRow.Kind && e.Group == inRow.Group && e.Box.Bottom <= inRow.Box.Y).Select(e => e.Box.Y).Distinct().Count();
            Assert.Equal(above + 1, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            Assert.Equal(match.Groups[2].Value, inRow.Kind switch { ElementKind.Row => "list", ElementKind.Tile or ElementKind.Block => "grid", _ => "menu" });
        }

        foreach (Match match in Ninth().Matches(q.Thought))
        {
            var named = told.Kind is ElementKind.RowIcon && q.Thought.StartsWith('"') ? inRow : told;
            var place = named.Target.Area > 0 ? named.Target : named.TextBox;
            var (x, y) = ((place.X + place.Width / 2) / (double)sample.Size.Width, (place.Y + place.Height / 2) / (double)sample.Size.Height);
            var words = match.Groups[1].Value;
            Assert.Equal(words.Contains("left", StringComparison.Ordinal), x < 1.0 / 3);
            Assert.Equal(words.Contains("right", StringComparison.Ordinal), x >= 2.0 / 3);
            Assert.Equal(words.Contains("top", StringComparison.Ordinal), y < 1.0 / 3);
            Assert.Equal(words.Contains("lower", StringComparison.Ordinal), y >= 2.0 / 3);
        }
    });

    [Fact]
    public void States_are_those_of_the_screen() => EveryThought((sample, q) =>
    {
        if (q.Clicks is { IsCheck: true } check && q.Beside is null)
            Assert.Equal(check.On, !Off().IsMatch(q.Thought));
        if (q.Thought.Contains("message is open", StringComparison.Ordinal))
            Assert.Contains(sample.Frames[q.Frame].Elements, e => e is { Kind: ElementKind.Panel, Layer: 1 });
        if (q.Kind is TaskKind.RecallWord && q.Thought.Contains("message", StringComparison.Ordinal))
            Assert.Contains(sample.Frames.Take(q.Frame), f => f.Elements.Any(e => e.Layer == 1 && e.Text == q.Subject));
        if (q.Thought.Contains("field was clicked", StringComparison.Ordinal))
            Assert.Contains(sample.Frames[q.Frame].Elements, e => e.Focused && q.Thought.Contains($"\"{e.Name}\"", StringComparison.Ordinal));
        if (q.Kind is TaskKind.Finish && Clicked().Match(q.Thought) is { Success: true } clicked)
            Assert.Contains(sample.Frames[q.Frame - 1].Elements, e => clicked.Groups[1].Value == e.Text || clicked.Groups[2].Value == e.Icon);
    });

    [Fact]
    public void Every_kind_has_several_wordings()
    {
        var samples = Enumerable.Range(0, 400).SelectMany(i => new[] { 0, 1, 2 }.Select(form => Draw((ulong)i, Split.Train, form, s_thinking with { Drill = true })));
        var wordings = samples.SelectMany(s => s.Questions).Where(q => q.Thought != "")
            .GroupBy(q => q.Kind, q => Row().Replace(Ninth().Replace(Quoted().Replace(q.Thought, "…"), "there"), "there"));
        Assert.Equal(Enum.GetValues<TaskKind>().Except([TaskKind.List]).Order(), wordings.Select(w => w.Key).Order());
        Assert.All(wordings, w => Assert.True(w.Distinct().Count() >= 3, $"{w.Key}: {string.Join(" | ", w.Distinct())}"));
    }

    private static Sample Draw(ulong seed, Split split, int form, SampleOptions options) => form switch
    {
        0 => SampleGenerator.OneScreen(seed, split, new(448, 336), options),
        1 => SampleGenerator.History(seed, split, new(336, 336), Order.First, options),
        _ => SampleGenerator.History(seed, split, new(448, 448), Order.Last, options),
    };

    /// <summary>Questions of all forms, splits and challenges.</summary>
    private static void EveryThought(Action<Sample, Question> holds)
    {
        EveryPlainThought(holds);
        Gen.Select(Gen.ULong, Gen.Enum<Challenge>(), Gen.Int[0, 2]).Sample((seed, challenge, form) =>
        {
            var sample = Draw(seed, Split.Test, challenge is Challenge.LongText ? form : 0, s_thinking with { Challenge = challenge });
            foreach (var question in sample.Questions)
                holds(sample, question);
        }, iter: 100, threads: 1);
    }

    private static void EveryPlainThought(Action<Sample, Question> holds) => Gen.Select(Gen.ULong, Gen.Enum<Split>().Where(s => s is not Split.Words), Gen.Int[0, 2], Gen.Bool)
        .Sample((seed, split, form, drill) =>
        {
            var sample = Draw(seed, split, form, s_thinking with { Drill = drill });
            foreach (var question in sample.Questions.Where(q => q.Thought != ""))
                holds(sample, question);
        }, iter: 300, threads: 1);

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex("in row ([0-9]+) of the (list|menu|grid)", RegexOptions.NonBacktracking)]
    private static partial Regex Row();

    [GeneratedRegex("at the (top left|top right|top|left|right|center|lower left|lower end|lower right)", RegexOptions.NonBacktracking)]
    private static partial Regex Ninth();

    [GeneratedRegex("is off|is not checked|is not chosen", RegexOptions.NonBacktracking)]
    private static partial Regex Off();

    [GeneratedRegex("(?:\"([^\"]+)\"|[Tt]he ([a-z]+) icon) was clicked", RegexOptions.NonBacktracking)]
    private static partial Regex Clicked();
}
