using StarKV.Evaluation.Benchmarks;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers the steps of one task, one after the other.</summary>
internal interface IStepReader : IDisposable
{
    /// <summary>Answers the next step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cancellation">Ends it within one layer or answer token.</param>
    /// <exception cref="StarKvException">It cannot be answered.</exception>
    AnsweredStep Next(TaskStep step, CancellationToken cancellation);
}

/// <summary>An answered step, and what was held when it was.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Tokens">Tokens of the conversation, without the answer.</param>
/// <param name="TokensRead">Those of them that were read.</param>
internal sealed record AnsweredStep(GroundingAnswer Answer, int Tokens, int TokensRead)
{
    /// <value>Bytes of keys and values that stay on the device; default 0.</value>
    public long DeviceBytes { get; init; }

    /// <value>Bytes of keys and values that stay in the host's memory; default 0.</value>
    public long HostBytes { get; init; }
}
