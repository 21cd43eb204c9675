namespace StarKV.MiniGui.Training.Run;

/// <summary>How the small model is trained.</summary>
public sealed record TrainingOptions
{
    /// <value>The folder for log and checkpoints; no default.</value>
    public required string Out { get; init; }

    /// <value>The folder whose config.json, tokenizer and preprocessor are used; no default.</value>
    public required string Shape { get; init; }

    /// <value>
    /// A model folder to continue from; null (default) starts with random weights. A checkpoint with its state
    /// (<see cref="KeepState"/>) is gone on with as if its run had not been stopped, times and steps included;
    /// without, samples are new ones, the rate rises again, and <see cref="Minutes"/> and <see cref="Steps"/> are this run's alone.
    /// </value>
    public string? Resume { get; init; }

    /// <value>
    /// Whether <c>latest</c> also holds weights in float32 and the optimiser's state, with which <see cref="Resume"/> goes on
    /// exactly: about three times the model in float32; default false.
    /// </value>
    public bool KeepState { get; init; }

    /// <value>
    /// <c>auto</c> (default), <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>; several,
    /// separated by commas, train together, each on batches of <see cref="Tokens"/>.
    /// </value>
    public string Device { get; init; } = "auto";

    /// <value>Wall time of the whole training in minutes, above 0; default 20. A file <c>minutes</c> in <see cref="Out"/> moves it.</value>
    public double Minutes { get; init; } = 20;

    /// <value>Minutes of <see cref="Minutes"/> at the end that align the prompt's attention, 0 or more; default 0: none.</value>
    public double AlignMinutes { get; init; }

    /// <value>Most steps of the first phase; 0 (default) bounds by time alone.</value>
    public int Steps { get; init; }

    /// <value>Padded text tokens of a batch, 1,000 or more; default 32,768.</value>
    public int Tokens { get; init; } = 32768;

    /// <value>Padded tokens of a batch in the alignment phase; default 24,576.</value>
    public int AlignTokens { get; init; } = 24576;

    /// <value>Learning rate; default 2e-3.</value>
    public double Rate { get; init; } = 2e-3;

    /// <value>Learning rate of the alignment phase; default 6e-4.</value>
    public double AlignRate { get; init; } = 6e-4;

    /// <value>Steps until the full rate; default 150.</value>
    public int Warmup { get; init; } = 150;

    /// <value>
    /// Share of the first phase's time in which the rate falls to 0, 0–1; default 0.6. 0 leaves the model ready for another run.
    /// </value>
    public double DecayShare { get; init; } = 0.6;

    /// <value>Steps with small, sparse screens at the start of training; default 600.</value>
    public int EasySteps { get; init; } = 600;

    /// <value>Share of batches that are histories, 0–1; default 0.5.</value>
    public double HistoryShare { get; init; } = 0.5;

    /// <value>Whether answers begin with a thought, see <see cref="SampleOptions.Thoughts"/>; default false.</value>
    public bool Thoughts { get; init; }

    /// <value>Share of batches, the easy ones apart, of harder samples as MiniGui-Bench v2 has them, 0–1; default 0.</value>
    public double HardShare { get; init; }

    /// <value>Seed of weights and samples; default 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <value>Threads that make batches, for each device; 0 (default) takes all cores but two, shared by the devices.</value>
    public int Threads { get; init; }

    /// <value>Steps between two lines of the log; default 20.</value>
    public int LogEvery { get; init; } = 20;

    /// <value>Steps between two measurements on unseen samples; default 500.</value>
    public int EvaluateEvery { get; init; } = 500;

    /// <value>Batches of each unseen form and size that are measured; default 2.</value>
    public int EvaluateBatches { get; init; } = 2;

    /// <value>Minutes between two checkpoints; default 2.</value>
    public double SaveMinutes { get; init; } = 2;
}
