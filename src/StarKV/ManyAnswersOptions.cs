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
/// One for each compression, in their order; a cache that failed has its error in the answer's place. Those that drop nothing share one answer. Vision and prefill times are those of the one reading with all
/// selections, the decode time is that of all answers, which are written side by side.
/// </param>
public sealed record ManyAnswers(Text.TokenMap Prompt, IReadOnlyList<CacheAnswer> Answers)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ListText.Count(Answers.Count, "answer")} to {ListText.Count(Prompt.Length, "token")}";
}

/// <summary>What one of several caches gave.</summary>
/// <param name="Answer">The answer; null when there is none.</param>
/// <param name="Error">Why there is none, such as a budget that does not hold what the method must keep; null when there is an answer.</param>
public sealed record CacheAnswer(GroundingAnswer? Answer, StarKvException? Error)
{
    /// <summary>The answer.</summary>
    /// <exception cref="StarKvException">There is none; why.</exception>
    public GroundingAnswer OrThrow() => Answer ?? throw Error!;
}
