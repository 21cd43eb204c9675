using StarKV.Report;

namespace StarKV.Inspect;

/// <summary>What two caches of one prompt hold, head by head: for each token the share of all layers' heads.</summary>
/// <param name="OnlyFirst">Share that the first cache alone holds, 0–1, one for each prompt token.</param>
/// <param name="OnlySecond">Share that the second cache alone holds.</param>
/// <param name="Both">Share that both hold.</param>
public sealed record CacheDifference(IReadOnlyList<float> OnlyFirst, IReadOnlyList<float> OnlySecond, IReadOnlyList<float> Both)
{
    /// <summary>What both hold of all that either holds, 0–1.</summary>
    public double Overlap => Both.Sum() / (Both.Sum() + OnlyFirst.Sum() + OnlySecond.Sum());

    /// <summary>The pairs worth comparing, as indices: caches that drop something and differ in method or in budget alone, and the pair that was asked for.</summary>
    public static IEnumerable<(int First, int Second)> Pairs(Inspection inspection, (int First, int Second)? asked = null)
    {
        for (var a = 0; a < inspection.Caches.Count; a++)
        {
            for (var b = a + 1; b < inspection.Caches.Count; b++)
            {
                var (first, second) = (inspection.Caches[a].Compression, inspection.Caches[b].Compression);
                if (asked is { } pair && (pair == (a, b) || pair == (b, a)))
                    yield return pair;
                else if (!first.KeepsEverything && !second.KeepsEverything && (first.Budget == second.Budget || first.Name == second.Name))
                    yield return (a, b);
            }
        }
    }

    /// <summary>Compares two caches.</summary>
    public static CacheDifference Between(KeptTokens first, KeptTokens second)
    {
        var length = first.Prompt.Length;
        var (a, b, both) = (new float[length], new float[length], new float[length]);
        for (var layer = 0; layer < first.Layers; layer++)
        {
            // Where one cache has a list for all heads and the other one for each, that list stands for every head.
            var lists = Math.Max(first.Lists(layer), second.Lists(layer));
            var weight = 1f / (first.Layers * lists);
            for (var list = 0; list < lists; list++)
            {
                var (inFirst, inSecond) = (list * first.Lists(layer) / lists, list * second.Lists(layer) / lists);
                for (var token = 0; token < length; token++)
                {
                    var (held, other) = (first.Holds(layer, inFirst, token), second.Holds(layer, inSecond, token));
                    if (held || other)
                        (held && other ? both : held ? a : b)[token] += weight;
                }
            }
        }

        return new CacheDifference(a, b, both);
    }
}
