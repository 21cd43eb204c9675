using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>ST-Lite's saliency Φ of the cells of a screenshot: what differs from the cells around it is the edge of something.</summary>
/// <remarks>
/// Source: ST-Lite, arXiv 2603.00188, component-centric spatial saliency: Φ = 1 − H, H the mean cosine with the cells of the 3×3
/// neighbourhood; step 2 of docs/methods.md#st-lite.
/// </remarks>
internal static class ScreenSaliency
{
    /// <summary>Adds α·Φ to the scores [G or H, P] of the screenshots' tokens, in place, where screenshots are whole.</summary>
    public static void AddTo(Tensor scores, in LayerObservation o, StLiteOptions options)
    {
        if (options.Alpha == 0)
            return;
        foreach (var frame in o.Frames.TakeLast(options.Screens == StLiteScreens.Last ? 1 : int.MaxValue))
        {
            var count = Math.Min(frame.End, o.Past) - frame.Start;
            if (count < 1)
                continue;
            using var scope = NewDisposeScope();
            var saliency = Of(o, frame, options).narrow(1, 0, count) * options.Alpha;
            scores.narrow(1, frame.Start, count).add_(saliency.repeat_interleave(scores.shape[0] / saliency.shape[0], 0));
        }
    }

    /// <summary>The saliency of each of a screenshot's cells, [1 or G, n].</summary>
    private static Tensor Of(in LayerObservation o, FrameSpan frame, StLiteOptions options)
    {
        var saliency = options.Saliency == StLiteSaliency.Norms
            ? Smoothed(StLite.Lengths(options.Vectors, o, frame.Start, frame.Length))
            : FromNeighbours(
                StLite.Vectors(options.Vectors, o, frame.Start, frame.Length), frame,
                o.Prompt.GetOrAdd(new NeighboursKey(frame.Rows, frame.Columns), () => Neighbours(frame.Rows, frame.Columns)));
        return options.Scale == StLiteScale.Softmax ? Shares(saliency) : saliency;
    }

    /// <summary>1 − the mean cosine of each cell's vector with those of its neighbours, at least 0; 0 for a cell without any.</summary>
    /// <param name="vectors">Vectors [k, n, D], row by row of the grid.</param>
    /// <param name="frame">The grid.</param>
    /// <param name="neighbours">How many neighbours each cell has, [n].</param>
    private static Tensor FromNeighbours(Tensor vectors, FrameSpan frame, Tensor neighbours)
    {
        var unit = nn.functional.normalize(vectors, dim: 2).view(vectors.shape[0], frame.Rows, frame.Columns, vectors.shape[2]);
        // The sum over the 3×3 cells, first of three columns, then of three rows; beyond the edge there is nothing.
        var around = WithNextTo(WithNextTo(unit, 2), 1);
        var cosines = (around * unit).sum(3) - (unit * unit).sum(3);
        return ((neighbours - cosines.flatten(1)) / neighbours.clamp_min(1)).clamp_min(0);
    }

    /// <summary>Each vector plus those before and after it along a dimension.</summary>
    private static Tensor WithNextTo(Tensor vectors, int dim)
    {
        var (sum, others) = (vectors.clone(), vectors.shape[dim] - 1);
        if (others == 0)
            return sum;
        sum.narrow(dim, 1, others).add_(vectors.narrow(dim, 0, others));
        sum.narrow(dim, 0, others).add_(vectors.narrow(dim, 1, others));
        return sum;
    }

    /// <summary>How many of the eight cells around each cell are on the grid, [n].</summary>
    private static Tensor Neighbours(int rows, int columns) => tensor(
        (from row in Enumerable.Range(0, rows)
         from column in Enumerable.Range(0, columns)
         select (float)(Across(row, rows) * Across(column, columns) - 1)).ToArray());

    private static int Across(int at, int count) => Math.Min(at + 1, count - 1) - Math.Max(at - 1, 0) + 1;

    /// <summary>Lengths [k, n] plus the mean of the nine around each in a square of them, as the released program lays them out.</summary>
    private static Tensor Smoothed(Tensor lengths)
    {
        var side = (long)Math.Round(Math.Sqrt(lengths.shape[1]));
        if (side * side != lengths.shape[1])
            return lengths;
        var square = lengths.view(lengths.shape[0], 1, side, side);
        return lengths + nn.functional.avg_pool2d(square, 3, stride: 1, padding: 1).flatten(1);
    }

    /// <summary>Softmax of the standardised saliencies, unbiased deviation: they sum to 1.</summary>
    private static Tensor Shares(Tensor saliency)
    {
        var centred = saliency - saliency.mean([1], keepdim: true);
        // One cell has no deviation; its z is 0.
        var z = saliency.shape[1] > 1 ? centred / (saliency.std(1, unbiased: true, keepdim: true) + 1e-8) : centred;
        return nn.functional.softmax(z, 1);
    }

    private sealed record NeighboursKey(int Rows, int Columns);
}
