using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests;

public sealed partial class SampleGeneratorTests
{
    [Fact]
    public void Equal_arguments_give_equal_samples() => Gen.Select(Gen.ULong, Gen.Enum<Split>(), Gen.Enum<Order>()).Sample((seed, split, order) =>
    {
        Same(SampleGenerator.OneScreen(seed, split, new(448, 336)), SampleGenerator.OneScreen(seed, split, new(448, 336)));
        Same(SampleGenerator.History(seed, split, new(336, 336), order), SampleGenerator.History(seed, split, new(336, 336), order));
    }, iter: 40, threads: 1);

    [Fact]
    public void Splits_seeds_and_orders_draw_different_screens()
    {
        var screens = Enumerable.Range(0, 20).SelectMany(seed => new[]
        {
            SampleGenerator.OneScreen((ulong)seed, Split.Train, new(448, 336)),
            SampleGenerator.OneScreen((ulong)seed, Split.Test, new(448, 336)),
            SampleGenerator.History((ulong)seed, Split.Train, new(448, 336), Order.First),
            SampleGenerator.History((ulong)seed, Split.Train, new(448, 336), Order.Last),
        }).Select(s => string.Join('|', s.Frames[0].Marks())).ToList();
        Assert.Equal(80, screens.Distinct().Count());
    }

    [Theory]
    [InlineData(335, 336)]
    [InlineData(308, 336)]
    [InlineData(336, 337)]
    public void Odd_sizes_are_refused(int width, int height) =>
        Assert.Contains($"{width}x{height}", Assert.Throws<ArgumentOutOfRangeException>(() => SampleGenerator.OneScreen(1, Split.Train, new(width, height))).Message, StringComparison.Ordinal);

    [Fact]
    public void Large_screens_and_long_histories_work() => Assert.All(ScreenSize.Large, size =>
        Assert.InRange(SampleGenerator.History(3, Split.Train, size, Order.Last, new SampleOptions { MaxFrames = 8 }).Frames.Count, 2, 8));

    [Fact]
    public void A_low_density_makes_sparse_screens()
    {
        double Mean(double density) => Enumerable.Range(0, 40).Average(i => SampleGenerator.OneScreen((ulong)i, Split.Train, new(560, 448), new SampleOptions { Density = density }).Frames[0].Elements.Count);
        Assert.True(Mean(0) < 0.7 * Mean(1));
    }

    private static void Same(Sample a, Sample b)
    {
        Assert.Equal(a.Frames.SelectMany(f => f.Elements), b.Frames.SelectMany(f => f.Elements));
        Assert.Equal(a.Questions, b.Questions);
        Assert.Equal(a.PastActions, b.PastActions);
    }

    [Fact]
    public void Drills_ask_for_more_words()
    {
        double Share(bool drill, Func<Question, bool> isWanted)
        {
            var options = new SampleOptions { Drill = drill };
            var questions = Enumerable.Range(0, 60).SelectMany(i => SampleGenerator.OneScreen((ulong)i, Split.Train, new(448, 448), options).Questions
                .Concat(SampleGenerator.History((ulong)i, Split.Train, new(336, 336), Order.First, options).Questions)).ToList();
            return (double)questions.Count(isWanted) / questions.Count;
        }

        static bool ReadsValue(Question q) => q.Kind is TaskKind.Read && !q.Instruction.Contains(" at ", StringComparison.Ordinal);
        Assert.InRange(Share(true, ReadsValue) / Share(false, ReadsValue), 3, 100);
        Assert.InRange(Share(true, q => q.Kind is TaskKind.TypeGiven) / Share(false, q => q.Kind is TaskKind.TypeGiven), 1.2, 100);
    }

    [Fact]
    public void Drills_open_more_menus_and_may_end_after_one_action()
    {
        List<Sample> Draw(bool drill, Order order) =>
            [.. Enumerable.Range(0, 200).Select(i => SampleGenerator.History((ulong)i, Split.Train, new(336, 336), order, new SampleOptions { Drill = drill, MemoryShare = 0, MaxFrames = 6 }))];
        static bool Chooses(Sample s) => s.Questions.Any(q => q.Clicks?.Kind is ElementKind.MenuEntry);
        var (drills, tests) = (Draw(true, Order.First), Draw(false, Order.First));
        Assert.InRange(drills.Count(Chooses) / (double)tests.Count(Chooses), 1.5, 100);
        Assert.InRange(drills.Count(s => s.Frames.Count == 2), 22, 50);

        var open = Draw(true, Order.Last).Where(s => s.Frames[^1].Elements.Any(e => e.Kind is ElementKind.MenuEntry)).ToList();
        Assert.InRange(open.Count, 25, 75);
        Assert.All(open.SelectMany(s => s.Questions).Where(q => q.Clicks is not null), q => Assert.Equal(ElementKind.MenuEntry, q.Clicks!.Kind));
        Assert.DoesNotContain(Draw(false, Order.Last), s => s.Frames[^1].Elements.Any(e => e.Kind is ElementKind.MenuEntry));
    }

    [Fact]
    public void Most_drills_list_some_elements_in_reading_order()
    {
        var samples = Enumerable.Range(0, 100).Select(i => SampleGenerator.OneScreen((ulong)i, Split.Train, new(448, 448), new SampleOptions { Drill = true })).ToList();
        var lists = samples.SelectMany(s => s.Questions.Where(q => q.Kind is TaskKind.List).Select(q => (s.Frames[0], q))).ToList();
        Assert.InRange(lists.Count, 45, 75);
        foreach (var (screen, question) in lists)
        {
            var lines = question.Answer.Split('\n').Select(line => ListLine().Match(line)).ToList();
            Assert.InRange(lines.Count, 1, 8);
            Assert.EndsWith($" from ({lines[0].Groups[2]},{lines[0].Groups[3]})", question.Instruction, StringComparison.Ordinal);
            var points = lines.ConvertAll(l => (Y: int.Parse(l.Groups[3].ValueSpan, CultureInfo.InvariantCulture), X: int.Parse(l.Groups[2].ValueSpan, CultureInfo.InvariantCulture)));
            Assert.Equal(points.Order(), points);
            Assert.All(lines.Zip(points), l => Assert.Contains(screen.Elements, e =>
                (e.Text == l.First.Groups[1].Value || e.Value == l.First.Groups[1].Value) && e.Box.Contains(l.Second.X, l.Second.Y) && screen.IsVisible(e)));
        }
    }

    [GeneratedRegex(@"^""([A-Za-z]+(?: [A-Za-z]+)?)"" \((\d+),(\d+)\)$")]
    private static partial Regex ListLine();
}
