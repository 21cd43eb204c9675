using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Records;

/// <summary>One step of a task that was given step by step.</summary>
/// <param name="Verdict">Right, wrong or unreadable; null where the task has no right answer for the step.</param>
/// <param name="Answer">The text, which later steps have in their history.</param>
/// <param name="Action">The first action in one line, in pixels; null when there is none.</param>
/// <param name="Tokens">Tokens of the whole conversation, without this step's answer.</param>
/// <param name="TokensRead">Those of them that were read at this step.</param>
/// <param name="KeptTokens">Rows that the answer attended to when it began, the mean over the layers.</param>
/// <param name="Bytes">Bytes of keys and values that it attended to when it began.</param>
/// <param name="DeviceBytes">Bytes of keys and values on the device once it was written.</param>
/// <param name="HostBytes">Bytes of keys and values in the host's memory once it was written.</param>
/// <param name="ReadingMilliseconds">Time of reading and choosing rows, without the vision tower.</param>
/// <param name="Milliseconds">Time of the whole step. The vision tower has seen the screenshots before.</param>
public sealed record StepRecord(
    Verdict? Verdict, string Answer, string? Action, int Tokens, int TokensRead, double KeptTokens, long Bytes, long DeviceBytes,
    long HostBytes, double ReadingMilliseconds, double Milliseconds)
{
    /// <value>What was asked for; null (default) where the task does not say.</value>
    public string? Kind { get; init; }

    /// <value>Screenshots that left the conversation at this step; null (default) for none.</value>
    public int? FramesDropped { get; init; }

    /// <value>What the session says of the step, a sentence each; null (default) for nothing.</value>
    public IReadOnlyList<string>? Notes { get; init; }
}
