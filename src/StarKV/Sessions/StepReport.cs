namespace StarKV.Sessions;

/// <summary>What a step did in its session.</summary>
/// <param name="Step">The step's number, from 1.</param>
/// <param name="TokensRead">Tokens read in this step.</param>
/// <param name="Tokens">Tokens of the whole conversation, without this step's answer.</param>
/// <param name="Storage">Where the rows went.</param>
/// <param name="FramesDropped">Screenshots that left the conversation at this step.</param>
/// <param name="Notes">
/// What a reader should know, a sentence each: everything was read again, or the host's memory did not hold the rows.
/// </param>
public sealed record StepReport(
    int Step, int TokensRead, int Tokens, KvStorage Storage, int FramesDropped, IReadOnlyList<string> Notes)
{
    /// <value>True when rows were held, or had been given up, and the whole conversation was read again; default false.</value>
    public bool ReadAgain { get; init; }

    /// <value>
    /// True when that was because positions had grown so far, with the gaps of what left, that the model had none left for what is new:
    /// they begin at 0 again. Default false.
    /// </value>
    public bool Rebased { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => FormattableString.Invariant($"step {Step}: {TokensRead} of {Tokens} tokens read, {Storage}");
}
