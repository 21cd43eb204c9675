namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>Operation F1: how many words of operation and value agree, as sets.</summary>
internal static class OperationF1
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>The harmonic mean of precision and recall over the two texts' words, 0–1; 1 when both are empty.</summary>
    /// <param name="predicted">Operation and value of the answer, separated by a blank.</param>
    /// <param name="truth">Those of the row.</param>
    public static double Of(string predicted, string truth)
    {
        var (a, b) = (Words(predicted), Words(truth));
        if (a.Count == 0 || b.Count == 0)
            return a.Count == b.Count ? 1 : 0;
        double both = a.Count(b.Contains);
        var (precision, recall) = (both / a.Count, both / b.Count);
        return both == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    // A word is dropped when the row of punctuation marks contains it as it is, such as "," or "()".
    private static HashSet<string> Words(string text) =>
        [
            .. text.ToLowerInvariant()
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Where(w => !Punctuation.Contains(w, StringComparison.Ordinal)),
        ];
}
