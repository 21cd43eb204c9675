using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>ST-Lite's gate: tokens of earlier screenshots that most resemble something on the last one score nothing.</summary>
/// <remarks>
/// Source: ST-Lite, arXiv 2603.00188, trajectory-aware semantic gating: ρ is the largest cosine with a cell of the last screenshot; step 3
/// of docs/methods.md#st-lite.
/// </remarks>
internal static class HistoryGate
{
    // Cosines are compared in coarse steps: where screens did not change they differ by rounding alone, in another reading in another
    // way, and a session must choose as a new reading does. Of equal ones the older token goes first.
    private const double Steps = 256;

    // Cosines that are held at a time, 64 MiB.
    private const long MaxPairs = 1 << 24;

    /// <summary>Sets scores [G or H, P] to 0 where the gate is closed, in place.</summary>
    public static void Close(Tensor scores, in LayerObservation o, StLiteOptions options)
    {
        if (options.Gate == StLiteGate.Off || o.Tokens.Frames.Count < 2 || o.Frames.Count == 0)
            return;
        var (last, past) = (o.Frames[^1], o.Past);
        var count = Math.Min(last.Start, past);
        var (rows, capacity) = ((int)o.Keys.shape[1], o.Capacity);
        if (count < 1 || (o.TokenOfRow is null && Closed(o.Frames.SkipLast(1).Sum(f => Math.Clamp(past - f.Start, 0, f.Length))) < 1))
            return;

        using var scope = NewDisposeScope();
        var earlier = EarlierScreens.Rows(o, count);
        var likeness = (Likeness(o, last, count, options.Vectors) * Steps).round();
        var ranked = where(earlier, likeness, double.NegativeInfinity);
        var (_, order) = ranked.sort(1, descending: true, stable: true);
        var seen = earlier.sum(1, true).to(ScalarType.Float64);
        var closed = options.Gate == StLiteGate.Share
            ? (seen * (1 - (double)capacity / rows)).floor()
            : seen - capacity;
        var first = arange(count, ScalarType.Float64, scores.device).unsqueeze(0).lt(closed).expand_as(order);
        var redundant = zeros_like(ranked, ScalarType.Bool).scatter_(1, order, first);
        scores.narrow(1, 0, count).masked_fill_(redundant.repeat_interleave(scores.shape[0] / redundant.shape[0], 0), 0);

        double Closed(int tokens) =>
            options.Gate == StLiteGate.Share ? Math.Floor(tokens * (1 - (double)capacity / rows)) : tokens - capacity;
    }

    /// <summary>The largest cosine of each of the first <paramref name="count"/> rows with a cell of the last screenshot.</summary>
    /// <returns>[1 or G, count]; 0 for a row without length.</returns>
    private static Tensor Likeness(in LayerObservation o, FrameSpan last, int count, StLiteVectors source)
    {
        // Both sides are vectors of one kind: the inputs of a step's earlier rows are gone.
        if (o.Norms is not { FirstRow: 0, HasVectors: true })
            source = StLiteVectors.Values;
        var now = nn.functional.normalize(StLite.Vectors(source, o, last.Start, last.Length), dim: 2).transpose(1, 2);
        var step = (int)Math.Max(1, MaxPairs / (now.shape[0] * last.Length));
        var parts = new List<Tensor>();
        for (var start = 0; start < count; start += step)
        {
            using var scope = NewDisposeScope();
            var then = nn.functional.normalize(StLite.Vectors(source, o, start, Math.Min(step, count - start)), dim: 2);
            parts.Add(then.matmul(now).amax([2]).MoveToOuterDisposeScope());
        }

        return cat(parts, 1);
    }
}
