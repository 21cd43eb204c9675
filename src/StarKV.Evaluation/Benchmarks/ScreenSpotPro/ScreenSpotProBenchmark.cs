using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.ScreenSpot;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Files;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.ScreenSpotPro;

/// <summary>
/// ScreenSpot-Pro: 1,581 grounding questions on high-resolution screens of professional programs, with very small targets.
/// </summary>
public sealed class ScreenSpotProBenchmark : IPublishedBenchmark
{
    private readonly BenchmarkOptions _options;

    /// <summary>Reads the annotations, file by file in the order of their names.</summary>
    /// <exception cref="StarKvException">A file is not a JSON list.</exception>
    public ScreenSpotProBenchmark(BenchmarkOptions options)
    {
        _options = options;
        Files = DataFiles.Of(options.Annotations, "*.json");
        Tasks = DataRows.WithUniqueIds(
            Files.SelectMany(file => DataRows.OfList(file).Select((row, i) => Task(Path.GetFileNameWithoutExtension(file), i, row))));
        Settings = options.Settings(GroundingPrompt.Name(options), Files);
    }

    /// <summary>The benchmark as the command line knows it.</summary>
    public static PublishedBenchmark Published { get; } = new(
        "screenspot-pro", "ScreenSpot-Pro: grounding on high-resolution screens of professional programs.",
        new DataLayout
        {
            Folder = "ScreenSpot-Pro",
            Annotations = ["annotations"],
            Images = ["images"],
            AnnotationVariables = ["SCREENSPOTPRO_TEST"],
            ImageVariables = ["SCREENSPOTPRO_IMGS"],
            Files = ["*.json"],
            Tree = """
                annotations/
                  <application>_<platform>.json     26 files, such as vscode_macos.json
                images/
                  <folder>/<screenshot>.png
                """,
        },
        [Profile.GuiKv, Profile.StarKv, Profile.Official, Profile.Strict], options => new ScreenSpotProBenchmark(options))
    {
        Families = Enum.GetValues<AnswerFamily>(),
    };

    /// <inheritdoc/>
    public string Name => $"screenspot-pro/{_options.ProfileName}";

    /// <inheritdoc/>
    public IReadOnlyList<EvalTask> Tasks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public int MaxNewTokens => 400;

    /// <inheritdoc/>
    public object Metrics(IReadOnlyDictionary<string, AnswerRecord?> answers) => ScreenSpotProTables.Of(
        [
            .. Tasks.Where(t => answers.GetValueOrDefault(t.Id) is not null)
                .Select(t =>
                    new ProHit(
                        t.Labels["group"],
                        t.Labels["application"],
                        t.Labels["platform"],
                        new Hit(t.Labels["type"], answers[t.Id]!.Verdict))),
        ],
        countsUnreadable: _options.Profile is Profile.Strict or Profile.Official);

    /// <inheritdoc/>
    public ReleasedSummary Released(ReleasedRun run, JsonObject metrics)
    {
        var overall = metrics["overall"]!;
        return new("screenspotpro_summary_results.json", run.With(new JsonObject
        {
            ["task"] = "all",
            ["total_samples"] = overall["num_total"]!.DeepClone(),
            ["overall_accuracy"] = overall["action_acc"]!.DeepClone(),
            ["text_accuracy"] = overall["text_acc"]!.DeepClone(),
            ["icon_accuracy"] = overall["icon_acc"]!.DeepClone(),
            ["wrong_format_samples"] = overall["wrong_format_num"]!.DeepClone(),
        }));
    }

    private EvalTask Task(string file, int number, JsonElement row)
    {
        var where = $"row {number} of {file}.json";
        var label = DataRows.Label(row, "id");
        var id = label == "unknown" ? $"{file}_row{number}" : label;
        var labels = new Dictionary<string, string>
        {
            ["profile"] = _options.ProfileName,
            ["group"] = DataRows.Label(row, "group"),
            ["application"] = DataRows.Label(row, "application"),
            ["platform"] = DataRows.Label(row, "platform"),
            ["type"] = DataRows.Label(row, "ui_type"),
        };
        return DataRows.Task(id, labels, where, () =>
        {
            var fields = JsonFields.OfRow(row);
            var box = fields.Numbers("bbox", 4) ?? throw fields.Missing("bbox");
            var size = fields.Numbers("img_size", 2) ?? throw fields.Missing("img_size");
            if (size[0] <= 0 || size[1] <= 0)
                throw fields.Bad("img_size", "a width and a height above 0");
            if (!TargetBox.IsIn(box[0], box[1], box[2], box[3], size[0], size[1]))
                throw fields.Bad("bbox", $"left, top, right, bottom of a box in a picture of {size[0]}×{size[1]} pixels");
            var image = Path.Combine(_options.Images, fields.RequiredText("img_filename"));
            var instruction = fields.RequiredText("instruction");
            var target = new RelativeBox(box[0] / size[0], box[1] / size[1], box[2] / size[0], box[3] / size[1]);
            return new EvalTask(id, instruction)
            {
                Open = () =>
                    new TaskInput([Screenshot.Load(image)], [])
                    {
                        Conversation = GroundingPrompt.Of(_options, instruction, systemTurn: _options.Profile is not Profile.GuiKv),
                    },
                Pictures = [TaskPicture.File(image)],
                Labels = labels,
                Target = screen => target.On(screen),
                Judge = answer => GroundedPoint.Judge(_options, answer, target),
            };
        });
    }
}
