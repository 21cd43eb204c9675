using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.MiniGui;

namespace StarKV.Evaluation.Runs;

/// <summary>One line of a run: one task with the answer from every cache.</summary>
public sealed record SampleRecord
{
    /// <value>The task's id.</value>
    public required string Task { get; init; }

    /// <value>The task's labels; those of MiniGui-Bench as they are written today, whatever the file has.</value>
    public required IReadOnlyDictionary<string, string> Labels
    {
        get;
        init => field = value is not null && value.ContainsKey("stratum") ? value.ToDictionary(l => l.Key, l => MiniGuiLabels.Current(l.Key, l.Value)) : value!;
    }

    /// <value>Why the sample could not be run, in one sentence; null when it could. It then counts as not right for every method.</value>
    public string? Error { get; init; }

    /// <value>SHA-256 over the prompt's token ids, 64 hex digits; null after an error.</value>
    public string? PromptSha256 { get; init; }

    /// <value>Prompt tokens.</value>
    public int PromptTokens { get; init; }

    /// <value>Screenshots' tokens among them.</value>
    public int ImageTokens { get; init; }

    /// <value>Wall times in milliseconds.</value>
    public SampleTimes? Milliseconds { get; init; }

    /// <value>Method by method, budget by budget; empty after an error.</value>
    public IReadOnlyList<AnswerRecord> Answers { get; init; } = [];
}

/// <summary>Wall times of a sample in milliseconds.</summary>
/// <param name="Draw">Making or reading the screenshots.</param>
/// <param name="Preprocess">Resizing and tokenising.</param>
/// <param name="Vision">The vision tower.</param>
/// <param name="Prefill">Reading the prompt, with the selections of all caches.</param>
/// <param name="Decode">Writing all answers.</param>
/// <param name="Total">Everything, the earlier steps of a session included.</param>
public sealed record SampleTimes(double Draw, double Preprocess, double Vision, double Prefill, double Decode, double Total);

/// <summary>One answer.</summary>
/// <param name="Method">The method as written.</param>
/// <param name="Keep">The budget as written.</param>
/// <param name="Verdict">Right, wrong or unreadable.</param>
/// <param name="Answer">The text.</param>
/// <param name="Action">The first action in one line, in pixels; null when there is none.</param>
/// <param name="Tokens">Answer tokens.</param>
/// <param name="KeptTokens">Prompt rows kept, the mean over the layers.</param>
/// <param name="Bytes">Bytes of keys and values held, measured on the tensors.</param>
/// <param name="FullBytes">Bytes of the whole prompt.</param>
/// <param name="SelectionMilliseconds">Time of scoring, choosing and copying rows; on a GPU without waiting for it.</param>
public sealed record AnswerRecord(
    string Method, string Keep, Verdict Verdict, string Answer, string? Action, int Tokens, double KeptTokens, long Bytes, long FullBytes, double SelectionMilliseconds)
{
    /// <value>The benchmark's own numbers for this answer; null when it has none.</value>
    public IReadOnlyDictionary<string, double>? Measures { get; init; }
}
