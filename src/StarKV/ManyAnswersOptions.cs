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
/// One for each compression, in their order. Those that drop nothing share one answer. Vision and prefill times are those of the one reading with all
/// selections, the decode time is that of all answers, which are written side by side.
/// </param>
public sealed record ManyAnswers(Text.TokenMap Prompt, IReadOnlyList<GroundingAnswer> Answers)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ListText.Count(Answers.Count, "answer")} to {ListText.Count(Prompt.Length, "token")}";
}
