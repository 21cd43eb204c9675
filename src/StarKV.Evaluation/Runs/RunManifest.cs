namespace StarKV.Evaluation.Runs;

/// <summary>All that is needed to repeat a run and to explain a difference. Written when the run begins, as <c>run.json</c>.</summary>
/// <param name="Plan">What decides the results.</param>
/// <param name="Sources">Where model and data lay.</param>
/// <param name="Environment">The program and the machine that began the run.</param>
public sealed record RunManifest(RunPlan Plan, RunSources Sources, RunEnvironment Environment);

/// <summary>
/// Where a run's model and data were. They may be elsewhere when it is repeated; the plan's hashes tell whether they are the same.
/// </summary>
/// <param name="Benchmark">The benchmark's name on the command line, such as <c>minigui</c>.</param>
/// <param name="Model">The model's folder, or its name on the hub.</param>
public sealed record RunSources(string Benchmark, string Model)
{
    /// <value>Folder of the annotations; null (default) for a benchmark that needs none.</value>
    public string? Annotations { get; init; }

    /// <value>Folder of the screenshots.</value>
    public string? Images { get; init; }

    /// <value>The file of prompt texts that are not shipped; null (default) for none.</value>
    public string? Prompts { get; init; }

    /// <value>The file of tasks in place of MiniGui-Bench's own; null (default) for those.</value>
    public string? TaskList { get; init; }
}
