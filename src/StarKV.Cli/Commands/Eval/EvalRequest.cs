using StarKV.Compact;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>A run as it was asked for, before the model is loaded.</summary>
internal sealed record EvalRequest
{
    /// <value>The benchmark.</value>
    public required IBenchmark Benchmark { get; init; }

    /// <value>Where model and data lie.</value>
    public required RunSources Sources { get; init; }

    /// <value>The plan, without what only the benchmark's tasks and the loaded model tell.</value>
    public required RunPlan Draft { get; init; }

    /// <value>The plan's methods at its budgets.</value>
    public required IReadOnlyList<Compression> Compressions { get; init; }

    /// <value>The run's folder.</value>
    public required string Output { get; init; }

    /// <value>The device of this process.</value>
    public required string Device { get; init; }

    /// <value>The number type.</value>
    public required string NumberType { get; init; }

    /// <value>The part that this process runs.</value>
    public required Shard Part { get; init; }

    /// <value>The devices to split the run over; null to run it here.</value>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <value>The command line that a shard's process is started with, but for device and shard.</value>
    public required IReadOnlyList<string> Words { get; init; }

    /// <value>The benchmark, when it has its own prompts and metrics.</value>
    public IPublishedBenchmark? Published => Benchmark as IPublishedBenchmark;
}
