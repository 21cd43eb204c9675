using StarKV.Account;
using StarKV.Compact;

namespace StarKV;

/// <summary>How one prompt is answered from several caches.</summary>
public sealed record ManyAnswersOptions : AnswerOptions
{
    /// <value>The compressions, at least one.</value>
    public required IReadOnlyList<Compression> Compressions { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ListText.Of(Compressions)}, {base.ToString()}";
}

/// <summary>The answers of one prompt, read once.</summary>
/// <param name="Prompt">The prompt, token by token.</param>
/// <param name="Answers">
/// One for each compression, in their order; a cache that failed has its error in the answer's place. Those that drop nothing share one
/// answer.
/// Vision and prefill times are those of the one reading with all selections, the decode time is that of all answers, which are written
/// side by side; with <see cref="AnswerOptions.MeasureTimes"/> each compression has an answer and its own times.
/// </param>
public sealed record ManyAnswers(Text.TokenMap Prompt, IReadOnlyList<CacheAnswer> Answers)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ListText.Count(Answers.Count, "answer")} to {ListText.Count(Prompt.Length, "token")}";
}

/// <summary>What one of several caches gave.</summary>
/// <param name="Answer">The answer; null when there is none.</param>
/// <param name="Error">
/// Why there is none, such as a budget that does not hold what the method must keep; null when there is an answer.
/// </param>
public sealed record CacheAnswer(GroundingAnswer? Answer, StarKvException? Error)
{
    /// <value>Which prompt tokens the cache held when the prompt had been read; null when there is no answer.</value>
    public KeptTokens? Kept { get; init; }

    /// <value>
    /// The failure as it was thrown, such as an error of a method that the caller wrote; <see cref="Error"/> says it in a sentence.
    /// Null when there is an answer.
    /// </value>
    public Exception? Thrown { get; init; }

    /// <summary>The answer.</summary>
    /// <exception cref="StarKvException">There is none; why.</exception>
    public GroundingAnswer OrThrow() => Answer ?? throw Error!;

    /// <summary>The answer, or why there is none, for logs and the debugger.</summary>
    public override string ToString() => Error?.Message ?? $"{Answer}";
}
