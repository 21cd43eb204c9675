namespace StarKV.Score.Wrappers;

/// <summary>Another method that also compresses while the answer is written, so that a long answer does not outgrow the budget.</summary>
/// <remarks>
/// Every <paramref name="n"/> answer tokens each layer goes back to the rows it
/// held when the prompt had been read; prompt and answer compete, scored by the
/// last W queries. A compressed screenshot has gaps, so what needs whole frames (spatial boost, redundancy, prior, age) is skipped.
/// </remarks>
/// <param name="method">The method.</param>
/// <param name="n">Answer tokens between two compressions, at least 1.</param>
public sealed class EveryNTokens(ICompressionMethod method, int n) : MethodWrapper(method)
{
    /// <inheritdoc/>
    public override int? AnswerInterval { get; } = n >= 1
        ? n
        : throw new StarKvException($"answer-interval is {n} tokens; it must be 1 or more. Leave it out to let the answer grow.");
}
