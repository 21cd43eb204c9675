namespace StarKV.Schedule;

/// <summary>Bytes on the device that a request needs beside the model and what others hold, by arithmetic.</summary>
/// <param name="Reading">The most while its screenshots are encoded and its prompt is read.</param>
/// <param name="Writing">The most while its answers are written.</param>
internal readonly record struct JobNeed(long Reading, long Writing)
{
    /// <summary>The most at any time.</summary>
    public long Peak => Math.Max(Reading, Writing);
}
