using StarKV.Account;

namespace StarKV.Reports.Inspect;

/// <summary>What two caches of one prompt hold, head by head: for each token the share of heads.</summary>
/// <param name="OnlyFirst">Share that the first cache alone holds, 0–1, one for each prompt token.</param>
/// <param name="OnlySecond">Share that the second cache alone holds.</param>
/// <param name="Both">Share that both hold.</param>
public sealed record CacheDifference(IReadOnlyList<float> OnlyFirst, IReadOnlyList<float> OnlySecond, IReadOnlyList<float> Both)
{
    /// <summary>What both hold of all that either holds, 0–1.</summary>
    public double Overlap => Both.Sum() / (Both.Sum() + OnlyFirst.Sum() + OnlySecond.Sum());

    /// <summary>
    /// The pairs worth comparing, as indices: caches that drop something and differ in method or in budget alone, and the pair that was
    /// asked for.
    /// </summary>
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

    /// <summary>Compares two caches, all layers together.</summary>
    public static CacheDifference Between(KeptTokens first, KeptTokens second)
    {
        var layers = Enumerable.Range(0, first.Layers).Select(layer => OfLayer(first, second, layer)).ToList();
        return new CacheDifference(Mean(d => d.OnlyFirst), Mean(d => d.OnlySecond), Mean(d => d.Both));

        float[] Mean(Func<CacheDifference, IReadOnlyList<float>> part) =>
            [.. Enumerable.Range(0, first.Prompt.Length).Select(token => layers.Average(d => part(d)[token]))];
    }

    /// <summary>Compares one layer of two caches; the shares are those of its heads.</summary>
    public static CacheDifference OfLayer(KeptTokens first, KeptTokens second, int layer)
    {
        // Where one cache has a list for all heads and the other one for each, that list stands for every head.
        var lists = Math.Max(first.Lists(layer), second.Lists(layer));
        return new CacheDifference(Share((a, b) => a && !b), Share((a, b) => b && !a), Share((a, b) => a && b));

        float[] Share(Func<bool, bool, bool> counts) => [.. Enumerable.Range(0, first.Prompt.Length).Select(token =>
            Enumerable.Range(0, lists).Count(list => counts(
                first.Holds(layer, list * first.Lists(layer) / lists, token),
                second.Holds(layer, list * second.Lists(layer) / lists, token))) / (float)lists)];
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => FormattableString.Invariant($"{ListText.Count(Both.Count, "layer")}, overlap {Overlap:0.###}");
}
