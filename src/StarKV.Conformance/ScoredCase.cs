using System.Text.Json;
using static TorchSharp.torch;

namespace StarKV.Conformance;

/// <summary>The end of a case that gives a method's scores and the tokens that it keeps for them.</summary>
internal static class ScoredCase
{
    private const double Tolerance = 1e-5;

    /// <summary>Where scores and kept tokens differ from those of the case; null where they do not.</summary>
    /// <param name="test">
    /// A case: <c>scores</c>, a list for each KV head; <c>kept</c>, tokens for each KV head, the window last; <c>keep</c>, how many.
    /// </param>
    /// <param name="scores">The method's scores, [G, past].</param>
    /// <param name="window">Tokens of the window.</param>
    public static string? Difference(JsonElement test, Tensor scores, int window)
    {
        var expected = test.List("scores").SelectMany(row => row.EnumerateArray()).Select(n => n.GetDouble()).ToArray();
        var kept = test.List("kept").SelectMany(row => row.EnumerateArray().SkipLast(window)).Select(n => n.GetInt64());
        var best = sort(scores.topk(test.Whole("keep") - window, 1).indexes, 1).values;
        return Compare.First(
            Compare.Floats("scores", tensor(expected).view(scores.shape), scores, Tolerance),
            Compare.Integers("kept", [.. kept], best.Longs()));
    }
}
