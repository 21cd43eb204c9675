namespace StarKV.Account;

/// <summary>Wall time of each stage of one answer.</summary>
public sealed record StageTimes
{
    /// <value>Resizing the screenshots.</value>
    public TimeSpan Preprocess { get; init; }

    /// <value>Encoding the screenshots.</value>
    public TimeSpan Vision { get; init; }

    /// <value>Reading the prompt, selection included, up to the first token's logits.</value>
    public TimeSpan Prefill { get; init; }

    /// <value>
    /// Scoring, selecting and compacting, all layers; part of <see cref="Prefill"/>.
    /// On CUDA the time to queue them, unless measured separately.
    /// </value>
    public TimeSpan Selection { get; init; }

    /// <value>
    /// Writing the draft that the method looks at before it chooses; part of <see cref="Prefill"/>, and zero for a method without one.
    /// Choosing the draft's cache is part of <see cref="Selection"/>.
    /// </value>
    public TimeSpan Draft { get; init; }

    /// <value>Writing the answer.</value>
    public TimeSpan Decode { get; init; }

    /// <value>Waiting for its turn, before it began and between pieces of its work.</value>
    public TimeSpan Waiting { get; init; }

    /// <summary>All stages together, without <see cref="Waiting"/>.</summary>
    public TimeSpan Total => Preprocess + Vision + Prefill + Decode;
}
