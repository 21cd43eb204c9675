namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>Levenshtein distance: the fewest insertions, deletions and replacements between two texts.</summary>
internal static class EditDistance
{
    /// <summary>The distance.</summary>
    public static int Of(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
        }

        return row[^1];
    }
}
