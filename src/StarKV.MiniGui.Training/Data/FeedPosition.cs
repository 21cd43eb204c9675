namespace StarKV.MiniGui.Training.Data;

/// <summary>Which batch a feed gives next.</summary>
/// <param name="Turn">The worker whose turn it is.</param>
/// <param name="Workers">Where each worker is.</param>
internal sealed record FeedPosition(int Turn, IReadOnlyList<WorkerPosition> Workers)
{
    /// <summary>The beginning.</summary>
    /// <param name="job">Number of the first job.</param>
    /// <param name="threads">How many workers.</param>
    public static FeedPosition Start(long job, int threads) =>
        new(0, [.. Enumerable.Range(0, threads).Select(worker => new WorkerPosition(job + worker, 0))]);

    /// <summary>The position after the next batch, which is number <paramref name="batch"/> of <paramref name="job"/>.</summary>
    public FeedPosition After(long job, int batch) =>
        new((Turn + 1) % Workers.Count, [.. Workers.Select((w, i) => i == Turn ? new WorkerPosition(job, batch + 1) : w)]);

    /// <summary>Whether it is one of a feed with so many workers.</summary>
    public bool Fits(int threads) =>
        Workers.Count == threads && Turn >= 0 && Turn < threads && Workers.All(w => w is { Job: >= 0, Taken: >= 0 });
}

/// <summary>A worker's job, and how many of its batches were taken.</summary>
internal readonly record struct WorkerPosition(long Job, int Taken);
