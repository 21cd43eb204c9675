using System.Globalization;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Server.Wire;

namespace StarKV.Server.Answering;

/// <summary>A step that was answered.</summary>
/// <param name="Kept">Its session.</param>
/// <param name="Outcome">How the request was related to what was held.</param>
/// <param name="Answer">The answer.</param>
internal sealed record StepResult(KeptSession Kept, Outcome Outcome, GroundingAnswer Answer)
{
    /// <value>The id of the response that the step gave; null (default) for none.</value>
    public string? ResponseId { get; init; }

    /// <summary>What the server calls its session.</summary>
    public string Session => Kept.Id;

    /// <summary>The outcome as headers and metrics call it.</summary>
    public string OutcomeName => NameOf(Outcome);

    /// <summary>Why the answer ended, in the chat dialect's words.</summary>
    public string FinishReason => Answer.Finish == Decode.FinishReason.Length ? "length" : "stop";

    /// <summary>What was counted.</summary>
    public Usage Usage
    {
        get
        {
            var (step, written) = (Answer.Session!, Answer.Tokens.Count);
            return new Usage(
                step.Tokens, written, step.Tokens + written, new PromptDetails(step.Tokens - Read),
                new SessionUsage(Session, OutcomeName, Answer.Kv.Bytes, Answer.Kv.FullBytes, Milliseconds(Answer.Times.Decode)));
        }
    }

    /// <summary>Tokens that were read for it.</summary>
    public int Read => Outcome == Outcome.Replay ? 0 : Answer.Session!.TokensRead;

    /// <summary>The answer was written to its client to the end.</summary>
    public void Delivered()
    {
        if (Kept.Last is { } last && ReferenceEquals(last.Answer, Answer))
            last.IsDelivered = true;
    }

    /// <summary>Headers of ours that go with an answer.</summary>
    public IEnumerable<(string Name, string Value)> Headers =>
    [
        .. new StepBegun(Kept, Outcome).Headers,
        ("X-StarKV-Kv-Bytes", Answer.Kv.Bytes.ToString(CultureInfo.InvariantCulture)),
        ("X-StarKV-Kv-Full-Bytes", Answer.Kv.FullBytes.ToString(CultureInfo.InvariantCulture)),
        ("Server-Timing", string.Join(", ", Stages.Select(s => FormattableString.Invariant($"{s.Name};dur={Milliseconds(s.Time)}")))),
    ];

    private IEnumerable<(string Name, TimeSpan Time)> Stages =>
    [
        ("queue", Answer.Times.Waiting), ("vision", Answer.Times.Vision), ("prefill", Answer.Times.Prefill),
        ("select", Answer.Times.Selection), ("decode", Answer.Times.Decode),
    ];

    /// <summary>An outcome as headers and metrics call it.</summary>
    public static string NameOf(Outcome outcome) => outcome.ToString().ToLowerInvariant();

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
