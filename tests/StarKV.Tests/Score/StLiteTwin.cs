using StarKV.Observe;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>
/// ST-Lite's scores once more, number by number in double precision, from its definition in docs/methods.md: no tensor operation and none of
/// the method's code.
/// </summary>
internal sealed class StLiteTwin(LayerObservation o, StLiteOptions options)
{
    private readonly double[][][] _queries = Numbers(o.Queries), _keys = Numbers(o.Keys), _values = Numbers(o.Values);

    /// <summary>The scores, list by list.</summary>
    public double[][] Scores()
    {
        var scores = Attention();
        foreach (var frame in options.Screens == StLiteScreens.Last ? o.Frames.TakeLast(1) : o.Frames)
        {
            var saliency = Vectors(frame.Start).Select(list => Saliency(list[frame.Start..frame.End], frame.Rows, frame.Columns)).ToArray();
            for (var list = 0; list < scores.Length; list++)
            {
                for (var row = frame.Start; row < Math.Min(frame.End, o.Past); row++)
                    scores[list][row] += options.Alpha * saliency[list * saliency.Length / scores.Length][row - frame.Start];
            }
        }

        if (options.Gate != StLiteGate.Off && o.Tokens.Frames.Count > 1 && o.Frames.Count > 0)
        {
            for (var list = 0; list < scores.Length; list++)
            {
                foreach (var row in Closed(list * o.KvHeads / scores.Length))
                    scores[list][row] = 0;
            }
        }

        return scores;
    }

    /// <summary>The rows of a key/value head that the gate does not let through.</summary>
    private IEnumerable<int> Closed(int group)
    {
        var last = o.Frames[^1];
        var source = Vectors(0);
        var vectors = source[source.Length == 1 ? 0 : group];
        var earlier = Enumerable.Range(0, Math.Min(last.Start, o.Past)).Where(row => Frame(group, row) is var f && f >= 0 && f < o.Tokens.Frames.Count - 1).ToList();
        var closed = options.Gate == StLiteGate.Budget
            ? earlier.Count - o.Capacity
            : (int)Math.Floor(earlier.Count * (1 - (double)o.Capacity / _keys[0].Length));
        return earlier
            .OrderByDescending(row => Math.Round(256 * Enumerable.Range(last.Start, last.Length).Max(cell => Cosine(vectors[row], vectors[cell]))))
            .ThenBy(row => row).Take(Math.Max(0, closed));
    }

    private int Frame(int group, int row)
    {
        if (o.TokenOfRow is not { } tokens)
            return o.Tokens.FrameOf[row];
        var token = (int)tokens[Math.Min(group, tokens.shape[0] - 1), row].item<long>();
        return token < o.Tokens.Length ? o.Tokens.FrameOf[token] : -1;
    }

    private double[][] Attention()
    {
        var (rows, window, perGroup) = (_keys[0].Length, o.Window, o.HeadsPerGroup);
        var heads = _queries.Select((queries, head) =>
        {
            var sums = new double[o.Past];
            for (var w = 0; w < window; w++)
            {
                var weights = Enumerable.Range(0, rows - window + w + 1)
                    .Select(t => Math.Exp(Dot(queries[w], _keys[head / perGroup][t]) / Math.Sqrt(queries[w].Length))).ToArray();
                for (var t = 0; t < o.Past; t++)
                    sums[t] += weights[t] / weights.Sum();
            }

            return Pooled(sums);
        }).ToArray();
        return options.Attention.Granularity == Granularity.QueryHead
            ? heads
            : [.. heads.Chunk(perGroup).Select(group => Enumerable.Range(0, o.Past).Select(t => group.Average(head => head[t])).ToArray())];
    }

    private double[] Pooled(double[] sums)
    {
        var (kernel, max) = (options.Attention.Kernel, options.Attention.Pooling == Pooling.Max);
        return [.. sums.Select((_, t) =>
        {
            var near = Enumerable.Range(t - kernel / 2, kernel).Where(i => i >= 0 && i < sums.Length).Select(i => sums[i]);
            return max ? near.Max() : near.Sum() / kernel;
        })];
    }

    /// <summary>The vectors of all rows, list by list; the inputs only where they are known from a row on. Rows before that are empty.</summary>
    private double[][][] Vectors(int from)
    {
        if (options.Vectors == StLiteVectors.Values || o.Norms is not { } norms || norms.FirstRow > from)
            return _values;
        var inputs = Numbers(norms.Peek(options.Vectors == StLiteVectors.Input ? NormSource.Input : NormSource.Residual).unsqueeze(0))[0];
        return [[.. Enumerable.Repeat(Array.Empty<double>(), norms.FirstRow), .. inputs]];
    }

    private double[] Saliency(double[][] cells, int rows, int columns)
    {
        var saliency = options.Saliency == StLiteSaliency.Neighbours ? FromNeighbours(cells, rows, columns) : FromLengths(cells);
        if (options.Scale == StLiteScale.Plain)
            return saliency;
        var mean = saliency.Average();
        var deviation = cells.Length == 1 ? 1 : Math.Sqrt(saliency.Sum(s => (s - mean) * (s - mean)) / (cells.Length - 1)) + 1e-8;
        var shares = saliency.Select(s => Math.Exp((s - mean) / deviation)).ToArray();
        return [.. shares.Select(s => s / shares.Sum())];
    }

    private static double[] FromNeighbours(double[][] cells, int rows, int columns)
    {
        var saliency = new double[cells.Length];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            var near = new List<double>();
            for (var other = 0; other < cells.Length; other++)
            {
                if (other != cell && Math.Abs(other / columns - cell / columns) <= 1 && Math.Abs(other % columns - cell % columns) <= 1)
                    near.Add(1 - Cosine(cells[cell], cells[other]));
            }

            saliency[cell] = near.Count == 0 ? 0 : Math.Max(0, near.Average());
        }

        Assert.Equal(rows * columns, cells.Length);
        return saliency;
    }

    private static double[] FromLengths(double[][] cells)
    {
        var lengths = cells.Select(c => Math.Sqrt(Dot(c, c))).ToArray();
        var side = Enumerable.Range(1, cells.Length).FirstOrDefault(s => s * s == cells.Length);
        return side == 0 ? lengths : [.. lengths.Select((length, cell) => length + lengths
            .Where((_, other) => Math.Abs(other / side - cell / side) <= 1 && Math.Abs(other % side - cell % side) <= 1).Sum() / 9)];
    }

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Max(1e-12, Math.Sqrt(Dot(a, a))) / Math.Max(1e-12, Math.Sqrt(Dot(b, b)));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[][][] Numbers(Tensor tensor)
    {
        var flat = tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        return [.. flat.Chunk((int)(tensor.shape[1] * tensor.shape[2])).Select(list => list.Chunk((int)tensor.shape[2]).ToArray())];
    }
}
