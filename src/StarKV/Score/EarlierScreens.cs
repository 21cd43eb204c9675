using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>Which rows are tokens of screenshots before the last one.</summary>
internal static class EarlierScreens
{
    /// <summary>True for the tokens of earlier screenshots among the first <paramref name="count"/> rows, [1 or G, count].</summary>
    /// <param name="o">The layer.</param>
    /// <param name="count">Rows to look at.</param>
    public static Tensor Rows(in LayerObservation o, int count)
    {
        var tokens = o.Tokens;
        var frames = o.Prompt.GetOrAdd(new FramesKey(), () => tensor(tokens.FrameOf.ToArray().Append(-1).ToArray()));
        var frame = o.OfRows(frames).narrow(1, 0, count);
        return frame.ge(0).logical_and(frame.lt(tokens.Frames.Count - 1));
    }

    private sealed record FramesKey;
}
