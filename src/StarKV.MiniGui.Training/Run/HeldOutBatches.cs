using System.Globalization;
using System.Text.RegularExpressions;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Words;
using StarKV.Text;

namespace StarKV.MiniGui.Training.Run;

/// <summary>Unseen samples of the test split, on which answers are measured token by token, each given the right ones before it.</summary>
internal sealed partial class HeldOutBatches : IDisposable
{
    private static readonly ScreenSize[] s_singles = [new(448, 448), new(784, 560)], s_histories = [new(336, 336), new(448, 336)];
    private readonly List<(string Form, Batch Batch)> _batches = [];
    private readonly QwenTokenizer _tokenizer;

    public HeldOutBatches(Packer packer, CellTargets targets, QwenTokenizer tokenizer, int tokens, int count, bool pin, bool thoughts)
    {
        _tokenizer = tokenizer;
        var options = new SampleOptions { Thoughts = thoughts };
        using var painter = new ScreenPainter();
        foreach (var size in s_singles)
            Add("single", seed => SampleGenerator.OneScreen(seed, Split.Test, size, options));
        foreach (var size in s_histories)
            foreach (var order in new[] { Order.First, Order.Last })
                Add(order is Order.First ? "first" : "last", seed => SampleGenerator.History(seed, Split.Test, size, order, options));

        void Add(string form, Func<ulong, Sample> make)
        {
            var seed = 0UL;
            for (var i = 0; i < count; i++)
            {
                var packs = new List<Pack>();
                do
                    packs.Add(packer.Make(make(seed++)));
                while (packs.Max(p => p.Length) * (packs.Count + 1) <= tokens);
                _batches.Add((form, new Batch(packs, targets, painter, pin: pin)));
            }
        }
    }

    /// <summary>
    /// Shares of exact actions, and of clicks inside the target box, by form and kind, with their number. A thought before the action
    /// is given, and not judged.
    /// </summary>
    /// <param name="predict">Which of a batch's target tokens the model would write, see <see cref="TrainingStep.Predict"/>.</param>
    public SortedDictionary<string, Accuracy> Measure(Func<Batch, long[]> predict)
    {
        var counts = new SortedDictionary<string, (int N, int Exact, int Right)>(StringComparer.Ordinal);
        foreach (var (form, batch) in _batches)
        {
            var predicted = predict(batch);
            var at = 0;
            foreach (var (pack, answer) in batch.Packs.SelectMany(p => p.Answers.Select(a => (p, a))))
            {
                var written = Array.ConvertAll(predicted[(at + answer.Thought)..(at + answer.Length)], id => (int)id);
                at += answer.Length;
                var exact = written.AsSpan().SequenceEqual(pack.Ids.AsSpan(answer.Start + answer.Thought, written.Length));
                var key = $"{form} {LabelNames.Of(answer.Question.Kind)}";
                var (n, exacts, rights) = counts.GetValueOrDefault(key);
                counts[key] = (n + 1, exacts + (exact ? 1 : 0), rights + (exact || Hits(written, answer.Question) ? 1 : 0));
            }
        }

        return new(
            counts.ToDictionary(
                c => c.Key,
                c =>
                    new Accuracy(
                        c.Value.N, Math.Round((double)c.Value.Exact / c.Value.N, 4), Math.Round((double)c.Value.Right / c.Value.N, 4))),
            StringComparer.Ordinal);
    }

    private bool Hits(int[] written, Question question)
    {
        if (question.Target is not { } box || Point().Match(_tokenizer.Decode(written)) is not { Success: true } point)
            return false;
        var (x, y) = (
            int.Parse(point.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(point.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        return x >= box.X && x < box.Right && y >= box.Y && y < box.Bottom;
    }

    [GeneratedRegex(@"\(([0-9]{1,4}),([0-9]{1,4})\)", RegexOptions.NonBacktracking)]
    private static partial Regex Point();

    public void Dispose() => _batches.ForEach(b => b.Batch.Dispose());
}

/// <summary>How many actions there were, the share that is exact, and the share that is exact or clicks inside the target's box.</summary>
internal sealed record Accuracy(int N, double Exact, double Right);
