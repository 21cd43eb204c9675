using System.Text.Json.Serialization;
using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Records;

/// <summary>One answer.</summary>
/// <param name="Method">The method as written; with its mode, <see cref="SessionMode.NameOf"/>, where tasks are given step by step.</param>
/// <param name="Keep">The budget as written.</param>
/// <param name="Verdict">Right, wrong or unreadable; of the last step that has a right answer.</param>
/// <param name="Answer">The text.</param>
/// <param name="Action">The first action in one line, in pixels; null when there is none.</param>
/// <param name="Tokens">Answer tokens.</param>
/// <param name="KeptTokens">Prompt rows kept, the mean over the layers.</param>
/// <param name="Bytes">Bytes of keys and values held, measured on the tensors.</param>
/// <param name="FullBytes">Bytes of the whole prompt.</param>
/// <param name="SelectionMilliseconds">Time of scoring, choosing and copying rows; on a GPU without waiting for it.</param>
public sealed record AnswerRecord(
    string Method, string Keep, Verdict Verdict, string Answer, string? Action, int Tokens, double KeptTokens, long Bytes, long FullBytes,
    double SelectionMilliseconds)
{
    /// <summary>The cache that gave it.</summary>
    [JsonIgnore]
    public RunCache Cache => new(Method, Keep);

    /// <value>How many earlier steps of the trajectory had no answer of this cache when it gave this one; null (default) for none.</value>
    public int? EarlierFailed { get; init; }

    /// <value>The draft that the method looked at, of a task of several steps the last step's; null (default) for none.</value>
    public DraftRecord? Draft { get; init; }

    /// <value>The benchmark's own numbers for this answer; null when it has none.</value>
    public IReadOnlyDictionary<string, double>? Measures { get; init; }

    /// <value>The steps, oldest first, of a task that was given step by step; null (default) where it was not.</value>
    public IReadOnlyList<StepRecord>? Steps { get; init; }

    /// <summary>Whether every step that has a right answer was answered rightly; the answer itself where there are no steps.</summary>
    [JsonIgnore]
    public bool IsRightThroughout => Verdict is Verdict.Right && (Steps ?? []).All(s => s.Verdict is null or Verdict.Right);
}
