using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>
/// AndroidControl: 500 recorded phone steps (the sample of the UGround project), each judged alone after the true history.
/// </summary>
public sealed class AndroidControlBenchmark : IPublishedBenchmark
{
    private const string FileName = "500_steps.json";
    private readonly BenchmarkOptions _options;
    private readonly bool _history;

    /// <summary>Reads the annotations.</summary>
    /// <exception cref="StarKvException">
    /// The file is missing or no JSON list, a history's index is missing, or the profile shows one screenshot only.
    /// </exception>
    public AndroidControlBenchmark(BenchmarkOptions options)
    {
        _options = options;
        _history = options.ImageSlots > 1;
        if (_history && options.Profile is Profile.GuiKv or Profile.Official)
            throw new StarKvException(
                $"androidcontrol shows one screenshot in the profile {options.ProfileName}; histories are in starkv and strict.");
        var episodes = _history ? EpisodeIndex.Read(options) : null;
        var prompt = new AndroidControlPrompt(options, episodes);
        var file = Path.Combine(options.Annotations, FileName);
        var (tasks, rows) = (new List<EvalTask>(), DataRows.OfList(file));
        foreach (var (number, row) in rows.Index())
        {
            // What methods remember lasts until the episode changes.
            var goesOn = _history && number > 0 && DataRows.Label(rows[number - 1], "episode_id") == DataRows.Label(row, "episode_id");
            tasks.Add(Task(prompt, number, row) with { Previous = goesOn ? tasks[^1] : null });
        }

        Tasks = tasks;
        Files = [file];
        Settings = options.Settings(
            prompt.Name,
            episodes is null ? Files : [file, episodes.File],
            ("level", options.Level.ToString().ToLowerInvariant()),
            ("imageSlots", $"{options.ImageSlots ?? 1}"));
    }

    /// <summary>The benchmark as the command line knows it.</summary>
    public static PublishedBenchmark Published { get; } = new(
        "androidcontrol", "AndroidControl: single steps of recorded phone tasks.",
        new DataLayout
        {
            Folder = "androidcontrol",
            Annotations = ["data", ""],
            Images = ["images", ""],
            AnnotationVariables = ["ANDROIDCONTROL_TEST"],
            ImageVariables = ["ANDROIDCONTROL_IMGS"],
            Files = [FileName],
            Tree = """
                data/
                  500_steps.json
                <episode_id>/screenshot_<k>.png
                android_control_test.json            only for --image-slots above 1
                """,
        },
        [Profile.GuiKv, Profile.StarKv, Profile.Official, Profile.Strict], options => new AndroidControlBenchmark(options))
    {
        HasLevels = true,
        ImageSlots = 1,
    };

    /// <inheritdoc/>
    public string Name => $"androidcontrol-{_options.Level.ToString().ToLowerInvariant()}/{_options.ProfileName}";

    /// <inheritdoc/>
    public IReadOnlyList<EvalTask> Tasks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public int MaxNewTokens => 600;

    /// <inheritdoc/>
    public MemorySpan Memory => _history && _options.Profile is Profile.StarKv ? MemorySpan.Session : MemorySpan.Sample;

    /// <inheritdoc/>
    public object Metrics(IReadOnlyDictionary<string, AnswerRecord?> answers) =>
        AndroidControlMetrics.Of([.. Tasks.Where(t => answers.GetValueOrDefault(t.Id) is not null).Select(t =>
    {
        var answer = answers[t.Id]!;
        var grounding = t.Labels["grounding"] == "yes"
            && (_options.Profile is not Profile.Official || answer.Measures?.GetValueOrDefault("type_match") == 1);
        return (grounding, answer.Verdict is Verdict.Right);
    })]);

    /// <inheritdoc/>
    public ReleasedSummary Released(ReleasedRun run, JsonObject metrics) => new(
        $"androidcontrol_results_budget{run.Budget}.json",
        run.With(
            new JsonObject { ["dataset"] = FileName },
            new JsonObject
            {
                ["metrics"] = metrics.DeepClone(),
                ["debug"] = false,
                ["num_samples_evaluated"] = metrics["total_steps"]!.DeepClone(),
            }));

    private EvalTask Task(AndroidControlPrompt prompt, int number, JsonElement row)
    {
        var (id, where) = ($"step-{number:D4}", $"row {number} of {FileName}");
        var labels = new Dictionary<string, string> { ["profile"] = _options.ProfileName, ["action"] = "unknown", ["grounding"] = "no" };
        return DataRows.Task(id, labels, where, () =>
        {
            var step = AndroidControlRow.Of(row);
            (labels["action"], labels["grounding"]) = (step.Truth.Type, StepScore.IsGrounding(step.Truth) ? "yes" : "no");
            return new EvalTask(id, step.Goal)
            {
                Open = () => prompt.Open(step),
                Pictures = [TaskPicture.File(Path.Combine(_options.Images, step.Screenshot))],
                Labels = labels,
                Target = _ =>
                    StepScore.IsGrounding(step.Truth) && step.Truth.Pixel is var (x, y) ? ScreenNode.At(step.Tree, x, y)?.Box : null,
                Expected = $"{step.Truth.Type} {step.Truth.Content}{step.Truth.Direction}".Trim(),
                Judge = answer => Judged(step, answer),
            };
        });
    }

    private Judgement Judged(AndroidControlRow row, GroundingAnswer answer)
    {
        var screen = PhoneScreen.Of(_options.Profile, answer.Coordinates);
        var step = new StepCase(_options, row, PhoneAnswer.Of(_options, answer, screen), screen, answer.Text);
        if (step.Action.Operation.Length == 0)
            return Verdict.Unreadable;
        return new Judgement(StepScore.IsRight(step) ? Verdict.Right : Verdict.Wrong)
        {
            Measures = new Dictionary<string, double> { ["type_match"] = step.Operation == row.Truth.Type ? 1 : 0 },
        };
    }
}
