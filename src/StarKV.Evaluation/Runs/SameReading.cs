namespace StarKV.Evaluation.Runs;

/// <summary>Compares what caches are to read: the question, by its id, and the earlier answers, null for one that is missing.</summary>
internal sealed class SameReading : IEqualityComparer<(string Id, List<string?> History)>
{
    /// <inheritdoc/>
    public bool Equals((string Id, List<string?> History) x, (string Id, List<string?> History) y) =>
        x.Id == y.Id && x.History.SequenceEqual(y.History, StringComparer.Ordinal);

    /// <inheritdoc/>
    public int GetHashCode((string Id, List<string?> History) reading)
    {
        var hash = new HashCode();
        hash.Add(reading.Id);
        foreach (var answer in reading.History)
            hash.Add(answer);
        return hash.ToHashCode();
    }
}
