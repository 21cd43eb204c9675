using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.Reading;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>
/// AgentNetBench: recorded desktop trajectories with several accepted actions per step; the model sees what it answered before.
/// </summary>
public sealed class AgentNetBenchmark : IPublishedBenchmark
{
    private readonly BenchmarkOptions _options;
    private readonly AgentNetBenchPrompt _prompt;
    private readonly AllActionsScore _score;

    /// <summary>Reads the annotations, file by file in the order of their names.</summary>
    public AgentNetBenchmark(BenchmarkOptions options)
    {
        (_options, _prompt, _score) = (options, new AgentNetBenchPrompt(options), new AllActionsScore(options.Profile is Profile.Strict));
        var trajectories = DataFiles.Of(options.Annotations, "*.json").Where(IsData)
            .Select(file => (File: file, Tasks: Trajectory(file))).Where(t => t.Tasks.Count > 0).ToList();
        (Files, Tasks) = ([.. trajectories.Select(t => t.File)], [.. trajectories.SelectMany(t => t.Tasks)]);
        Settings = options.Settings(_prompt.Name, Files, ("imageSlots", $"{_prompt.Slots}"));
    }

    /// <summary>The benchmark as the command line knows it.</summary>
    public static PublishedBenchmark Published { get; } = new(
        "agentnetbench", "AgentNetBench: recorded desktop trajectories.",
        new DataLayout
        {
            Folder = "agentnetbench",
            Annotations = ["test_data", ""],
            Images = ["test_data/images", "images"],
            AnnotationVariables = ["AGENTNETBENCH_DATA", "ANB_DATA"],
            ImageVariables = ["AGENTNETBENCH_IMGS", "ANB_IMGS"],
            Files = ["*.json"],
            Tree = """
                test_data/
                  <task_id>.json
                  images/
                    <task_id>_<k>.png
                """,
        },
        [Profile.GuiKv, Profile.StarKv, Profile.Official, Profile.Strict], options => new AgentNetBenchmark(options))
    {
        ImageSlots = 5,
    };

    /// <inheritdoc/>
    public string Name => $"agentnetbench/{_options.ProfileName}";

    /// <inheritdoc/>
    public IReadOnlyList<EvalTask> Tasks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public int MaxNewTokens => 1000;

    /// <inheritdoc/>
    public MemorySpan Memory => _options.Profile is Profile.StarKv ? MemorySpan.Session : MemorySpan.Sample;

    /// <inheritdoc/>
    public object Metrics(IReadOnlyDictionary<string, AnswerRecord?> answers) =>
        AgentNetBenchMetrics.Of([.. Tasks.Where(t => answers.GetValueOrDefault(t.Id) is not null).Select(t =>
    {
        var measures = answers[t.Id]!.Measures;
        return new ScoredStep(
            t.First.Id,
            t.Labels["action"],
            t.Labels["milestone"] == "yes",
            measures?["score"] ?? 0,
            measures?["predicted"] == 1,
            measures?["alternative"] == 1);
    })], _options.Profile);

    /// <inheritdoc/>
    public ReleasedSummary Released(ReleasedRun run, JsonObject metrics) => new(
        "agentnetbench_results_budget.json",
        run.With(
            [],
            new JsonObject
            {
                ["metrics"] = metrics.DeepClone(),
                ["debug"] = false,
                ["num_trajectories_evaluated"] = metrics["total_trajectories"]!.DeepClone(),
            }));

    // Lists of ids, and what the benchmark's own program writes next to the trajectories.
    private static bool IsData(string file) =>
        Path.GetFileName(file) is not ("metric.json" or "hyperparams.json") and var name
            && !name.StartsWith("mapping", StringComparison.Ordinal);

    /// <summary>A file's steps; none for a file that has no <c>steps</c> and so is not a trajectory.</summary>
    private List<EvalTask> Trajectory(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var tasks = new List<EvalTask>();
        try
        {
            var value = JsonFile.Value(DataRows.Bytes(file), "it");
            if (value.ValueKind is not JsonValueKind.Object || !JsonFields.OfRow(value).Has("steps"))
                return [];
            var root = JsonFields.OfRow(value);
            var instruction = (Filled(root, "high_level_task_description") ?? Filled(root, "user_task_description"))
                ?? throw root.Error("it has neither high_level_task_description nor user_task_description.");
            var system = value.TryGetProperty("meta_info", out var meta) ? DataRows.Label(meta, "system") : "unknown";
            var known = new List<TrajectoryStep?>();
            foreach (var (number, element) in root.Values("steps").Index())
            {
                var where = $"step {number + 1} of {name}.json";
                var step = Step($"{name}/{number + 1:D2}", where, instruction, system, element, known);
                tasks.Add(step with { Previous = tasks.LastOrDefault() });
            }
        }
        catch (Exception e) when (e is StarKvException or InvalidOperationException)
        {
            // The file's number of steps is not known; it stands as one that failed.
            var labels = Labels("unknown", "unknown", false);
            var id = $"{name}/{tasks.Count + 1:D2}";
            var failed = DataRows.Task(id, labels, $"{name}.json", () => throw new StarKvException(e.Message, e));
            tasks.Add(failed with { Previous = tasks.LastOrDefault() });
        }

        return tasks;
    }

    private EvalTask Step(string id, string where, string instruction, string system, JsonElement element, List<TrajectoryStep?> known)
    {
        known.Add(null);
        var labels = Labels(system, "unknown", false);
        return DataRows.Task(id, labels, where, () =>
        {
            var step = TrajectoryStep.Of(JsonFields.OfRow(element));
            known[^1] = step;
            TrajectoryStep?[] steps = [.. known];
            labels = Labels(system, step.Truth[0].Type.ToLowerInvariant(), step.IsMilestone);
            return new EvalTask(id, instruction)
            {
                Open = () => _prompt.Open(instruction, steps),
                Pictures = [TaskPicture.File(_prompt.PathOf(step))],
                Labels = labels,
                Target = screen => step.Truth[0].Boxes is [var box, ..] ? box.On(screen) : null,
                Expected = string.Join(", then ", step.Truth),
                Judge = answer => Judged(step, answer),
            };
        });
    }

    private Judgement Judged(TrajectoryStep step, GroundingAnswer answer)
    {
        var predicted = PredictedActions.Of(_options, answer);
        if (_options.Profile is Profile.Strict
            && predicted is [{ Kind: "moveTo" }, _, ..]
            && ActionScore.TypeOf(step.Truth[0].Type) != "moveto")
            predicted = [.. predicted.Skip(1)];
        var (score, alternative) = _options.Profile is Profile.GuiKv or Profile.StarKv
            ? FirstActionScore.Of(predicted.Count > 0 ? predicted[0] : null, step.Truth[0], [.. step.Alternatives.Select(a => a[0])])
            : _score.Of(predicted, step.Truth, step.Alternatives);
        var unreadable = predicted.Count == 0
            && (_options.Profile is not Profile.Strict || StrictActions.First(_options.Family, answer) is null);
        return new Judgement(unreadable ? Verdict.Unreadable : score >= 1 ? Verdict.Right : Verdict.Wrong)
        {
            Measures = new Dictionary<string, double>
            {
                ["score"] = score,
                ["predicted"] = predicted.Count > 0 ? 1 : 0,
                ["alternative"] = alternative ? 1 : 0,
            },
        };
    }

    private Dictionary<string, string> Labels(string system, string action, bool milestone) =>
        new() { ["profile"] = _options.ProfileName, ["system"] = system, ["action"] = action, ["milestone"] = milestone ? "yes" : "no" };

    private static string? Filled(JsonFields root, string name) => root.Text(name) is { Length: > 0 } text ? text : null;
}
