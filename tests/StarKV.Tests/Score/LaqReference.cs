using StarKV.Observe;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The scores of <see cref="Laq"/> number by number in double precision, from docs/methods.md#laq.</summary>
internal static class LaqReference
{
    /// <summary>Scores of a layer's past, a list for each key/value head, or for each query head.</summary>
    /// <param name="o">The layer, seen with the window that the method keeps.</param>
    /// <param name="options">The method's options.</param>
    /// <param name="drafted">Tokens of the draft.</param>
    public static double[][] Scores(in LayerObservation o, LaqOptions options, int drafted)
    {
        var (length, past, window) = ((int)o.Keys.shape[1], o.Past, Math.Min(options.Window, o.Window));
        var (heads, perGroup) = ((int)o.Queries.shape[0], o.HeadsPerGroup);
        var (last, draft, keys, values) = (o.Queries, o.DraftQueries!, o.Keys, o.Values);
        var (q, d, k, v) = (Numbers(last), Numbers(draft), Numbers(keys), Numbers(values));
        var (dim, held, queries) = ((int)keys.shape[2], o.Window, window + drafted);
        var byHead = new double[heads][];
        for (var head = 0; head < heads; head++)
        {
            var sums = new double[length];
            for (var i = 0; i < queries; i++)
            {
                // The window's queries come first, and see the prompt up to themselves.
                var seen = options.Sees == LaqSees.Shifted ? length - queries + i + 1 : i < window ? length - window + i + 1 : length;
                var logits = Enumerable.Range(0, Math.Clamp(seen, 1, length)).Select(t => Logit(head, i, t)).ToArray();
                var total = logits.Sum(Math.Exp);
                for (var t = 0; t < logits.Length; t++)
                    sums[t] += options.Softmax ? Math.Exp(logits[t]) / total : logits[t];
            }

            byHead[head] = [.. Pooled(sums[..(length - window)], options).Take(past)];
        }

        var scores = options.Granularity == Granularity.QueryHead
            ? byHead
            : [.. byHead.Chunk(perGroup).Select(group => Enumerable.Range(0, past).Select(t => group.Average(row => row[t])).ToArray())];
        if (!options.Value)
            return scores;
        var copies = heads / perGroup == scores.Length ? 1 : perGroup;
        return [.. scores.Select((row, list) => row.Select((s, t) => s * Norm(list / copies, t)).ToArray())];

        double Logit(int head, int query, int token)
        {
            var (from, row) = query < window ? (q, head * held + held - window + query) : (d, head * drafted + query - window);
            return Enumerable.Range(0, dim).Sum(c => from[row * dim + c] * k[(head / perGroup * length + token) * dim + c]) / Math.Sqrt(dim);
        }

        double Norm(int group, int token) => Math.Sqrt(Enumerable.Range(0, dim).Sum(c => Math.Pow(v[(group * length + token) * dim + c], 2)));
    }

    /// <summary>The rows that a list of scores keeps, ascending: the best of the past, and the window.</summary>
    public static long[] Kept(double[] scores, int rows, int window) =>
    [
        .. Enumerable.Range(0, scores.Length).OrderByDescending(t => scores[t]).Take(rows - window).Order().Select(t => (long)t),
        .. Enumerable.Range(scores.Length, window).Select(t => (long)t),
    ];

    private static IEnumerable<double> Pooled(double[] sums, LaqOptions options) => Enumerable.Range(0, sums.Length).Select(t =>
    {
        var near = Enumerable.Range(t - options.Kernel / 2, options.Kernel).Where(i => i >= 0 && i < sums.Length).Select(i => sums[i]);
        return options.Pooling == Pooling.Max ? near.Max() : near.Sum() / options.Kernel;
    });

    private static double[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
