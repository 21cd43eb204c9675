using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.ScreenSpot;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Files;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.ScreenSpotV2;

/// <summary>ScreenSpot-v2: 1,272 grounding questions on single screens of phones, desktops and the web.</summary>
public sealed class ScreenSpotV2Benchmark : IPublishedBenchmark
{
    private static readonly string[] s_tasks = ["mobile", "desktop", "web"];
    private readonly BenchmarkOptions _options;

    /// <summary>Reads the annotations.</summary>
    /// <exception cref="StarKvException">A file is missing or no JSON list.</exception>
    public ScreenSpotV2Benchmark(BenchmarkOptions options)
    {
        _options = options;
        Files = [.. s_tasks.Select(FileOf)];
        Tasks = DataRows.WithUniqueIds(s_tasks.SelectMany(task => DataRows.OfList(FileOf(task)).Select((row, i) => Task(task, i, row))));
        Settings = options.Settings(GroundingPrompt.Name(options), Files);
    }

    /// <summary>The benchmark as the command line knows it.</summary>
    public static PublishedBenchmark Published { get; } = new(
        "screenspot-v2", "ScreenSpot-v2: grounding on phones, desktops and the web.",
        new DataLayout
        {
            Folder = "screenspot-v2-prepared",
            Annotations = ["annotations", ""],
            Images = ["images", "screenspotv2_image"],
            AnnotationVariables = ["SCREENSPOT_TEST", "SCREENSPOTV2_TEST"],
            ImageVariables = ["SCREENSPOT_IMGS", "SCREENSPOTV2_IMGS"],
            Files = [.. s_tasks.Select(FileName)],
            Tree = """
                annotations/
                  screenspot_mobile_v2.json
                  screenspot_desktop_v2.json
                  screenspot_web_v2.json
                images/                  or screenspotv2_image/
                  <img_filename>
                """,
        },
        [Profile.GuiKv, Profile.StarKv, Profile.Strict], options => new ScreenSpotV2Benchmark(options))
    {
        Families = Enum.GetValues<AnswerFamily>(),
    };

    /// <inheritdoc/>
    public string Name => $"screenspot-v2/{_options.ProfileName}";

    /// <inheritdoc/>
    public IReadOnlyList<EvalTask> Tasks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public int MaxNewTokens => 200;

    /// <inheritdoc/>
    public object Metrics(IReadOnlyDictionary<string, AnswerRecord?> answers) => ScreenSpotV2Metrics.Of(
        [
            .. Tasks.Where(t => answers.GetValueOrDefault(t.Id) is not null)
                .Select(t => (t.Labels["task"], new Hit(t.Labels["type"], answers[t.Id]!.Verdict))),
        ],
        _options.Profile);

    /// <inheritdoc/>
    public ReleasedSummary Released(ReleasedRun run, JsonObject metrics) =>
        new("summary_results.json", run.With(new JsonObject { ["task"] = "all" }, metrics));

    private static string FileName(string task) => $"screenspot_{task}_v2.json";

    private string FileOf(string task) => Path.Combine(_options.Annotations, FileName(task));

    private EvalTask Task(string task, int number, JsonElement row)
    {
        var (id, where) = ($"{task}-{number:D4}", $"row {number} of {FileName(task)}");
        var labels = new Dictionary<string, string>
        {
            ["profile"] = _options.ProfileName,
            ["task"] = task,
            ["type"] = DataRows.Label(row, "data_type"),
            ["source"] = DataRows.Label(row, "data_source"),
        };
        return DataRows.Task(id, labels, where, () =>
        {
            var fields = JsonFields.OfRow(row);
            var box = fields.Numbers("bbox", 4) ?? throw fields.Missing("bbox");
            if (!IsIn(double.PositiveInfinity, double.PositiveInfinity))
                throw fields.Bad("bbox", "x, y, width, height with an area");
            var image = Path.Combine(_options.Images, fields.RequiredText("img_filename"));
            var instruction = fields.RequiredText("instruction");
            return new EvalTask(id, instruction)
            {
                Open = () =>
                {
                    var screen = Screenshot.Load(image);
                    if (!IsIn(screen.Width, screen.Height))
                        throw new StarKvException(
                            $"{where}: its bbox lies outside of {image}, which has {screen.Width}×{screen.Height} pixels.");
                    return new TaskInput([screen], [])
                    {
                        Conversation = GroundingPrompt.Of(_options, instruction, systemTurn: _options.Profile is Profile.Strict),
                    };
                },
                Pictures = [TaskPicture.File(image)],
                Labels = labels,
                Target = screen => RelativeBox.OfSize(box[0], box[1], box[2], box[3], screen.Width, screen.Height).On(screen),
                Judge = answer =>
                    GroundedPoint.Judge(
                        _options,
                        answer,
                        RelativeBox.OfSize(
                            box[0], box[1], box[2], box[3], answer.Coordinates.ScreenWidth, answer.Coordinates.ScreenHeight)),
            };

            bool IsIn(double width, double height) => TargetBox.IsIn(box[0], box[1], box[0] + box[2], box[1] + box[3], width, height);
        });
    }
}
