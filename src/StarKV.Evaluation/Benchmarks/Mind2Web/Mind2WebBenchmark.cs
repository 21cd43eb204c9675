using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>
/// Multimodal-Mind2Web: single steps on recorded web pages, in the form that UGround prepared, where a page is cut into blocks.
/// </summary>
/// <remarks>Thread-safe: it does not change once it has been read.</remarks>
public sealed class Mind2WebBenchmark : IPublishedBenchmark
{
    private static readonly string[] s_splits = ["domain", "task", "website"];
    private readonly BenchmarkOptions _options;
    private readonly Mind2WebPrompt _prompt;
    private readonly Dictionary<string, (string Task, int Steps)> _tasks = [];

    /// <summary>Reads the annotations of the splits that are there.</summary>
    /// <exception cref="StarKvException">A file cannot be read.</exception>
    public Mind2WebBenchmark(BenchmarkOptions options)
    {
        (_options, _prompt) = (options, new Mind2WebPrompt(options));
        var splits = s_splits.Select(split => (Name: split, Files: FilesOf(split))).Where(s => s.Files.Count > 0).ToList();
        Files = [.. splits.SelectMany(s => s.Files)];
        Tasks =
        [
            .. splits.SelectMany(split =>
                split.Files.SelectMany(file => Rows(split.Name, file)).Select((row, i) => Task(split.Name, i, row))),
        ];
        // Parquet files hold the pictures too; names and sizes distinguish them.
        var files = Files.ToLookup(IsText);
        Settings = options.Settings(
            _prompt.Name,
            files[true],
            ("splits", string.Join(' ', splits.Select(s => s.Name))),
            ("parquet", string.Join(' ', files[false].Select(f => $"{Path.GetFileName(f)}:{new FileInfo(f).Length}"))));
    }

    /// <summary>The benchmark as the command line knows it.</summary>
    public static PublishedBenchmark Published { get; } = new(
        "mind2web", "Multimodal-Mind2Web: single steps on web pages, cross-task, cross-website and cross-domain.",
        new DataLayout
        {
            Folder = "multimodal-mind2web",
            Annotations = ["data/samples", "samples", "data", ""],
            Images = ["release_images"],
            AnnotationVariables = ["MM_MIND2WEB_TEST"],
            ImageVariables = ["MM_MIND2WEB_IMGS"],
            Files = ["cross_*_blocks.jsonl|test_*.parquet"],
            WithImages = "test_*.parquet",
            Tree = """
                data/samples/
                  cross_domain_blocks.jsonl
                  cross_task_blocks.jsonl
                  cross_website_blocks.jsonl
                release_images/
                  cross_<split>/<blocks_path>/<k>.png     k = 0, 1, 2 …
                or the original data set alone:
                data/
                  test_domain-*.parquet
                  test_task-*.parquet
                  test_website-*.parquet
                """,
        },
        [Profile.GuiKv, Profile.Official, Profile.Strict], options => new Mind2WebBenchmark(options));

    /// <inheritdoc/>
    public string Name => $"mind2web/{_options.ProfileName}";

    /// <inheritdoc/>
    public IReadOnlyList<EvalTask> Tasks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public int MaxNewTokens => 500;

    /// <inheritdoc/>
    public object Metrics(IReadOnlyDictionary<string, AnswerRecord?> answers)
    {
        var asked = Tasks.Where(t => answers.ContainsKey(t.Id))
            .Select(t => (Step: t, Answer: answers[t.Id], Of: _tasks.GetValueOrDefault(t.Id, (Task: t.Id, Steps: 1)))).ToList();
        var failed = asked.Where(a => a.Answer is null).CountBy(a => a.Of.Task).ToDictionary();
        return Mind2WebMetrics.Of([.. asked.Where(a => a.Answer is not null).Select(a => new WebStep(
            a.Step.Labels["split"], a.Of.Task, a.Of.Steps - failed.GetValueOrDefault(a.Of.Task),
            a.Answer!.Measures?["element"] ?? 0,
            a.Answer.Measures?["f1"] ?? 0,
            a.Answer.Verdict is Verdict.Right ? 1 : 0))],
            cumulative: _options.Profile is Profile.GuiKv);
    }

    /// <inheritdoc/>
    public ReleasedSummary Released(ReleasedRun run, JsonObject metrics) =>
        new(
            "mind2web_summary_results.json",
            run.With(
                new JsonObject
                {
                    ["tasks_evaluated"] = new JsonArray([.. metrics["task_breakdown"]!.AsArray().Select(s => s!["task"]!.DeepClone())]),
                },
                metrics));

    // UGround's file, else the original data set's, in the order of their numbers.
    private IReadOnlyList<string> FilesOf(string split)
    {
        var blocks = Path.Combine(_options.Annotations, $"cross_{split}_blocks.jsonl");
        return File.Exists(blocks) ? [blocks] : DataFiles.Of(_options.Annotations, $"test_{split}*.parquet");
    }

    private static bool IsText(string file) => file.EndsWith(".jsonl", StringComparison.Ordinal);

    private IEnumerable<RowToRead> Rows(string split, string file) => IsText(file)
        ? DataRows.OfLines(file).Select(line => new RowToRead(
            $"line {line.Number} of cross_{split}_blocks.jsonl", line.Row, line.Fault,
            row => new PageFolder(Path.Combine(_options.Images, $"cross_{split}", row.BlocksPath), row.TargetBlocks)))
        : new ParquetPages(file)
            .Rows()
            .Select((row, i) => new RowToRead($"row {i} of {Path.GetFileName(file)}", row.Row, row.Fault, row.Page));

    private EvalTask Task(string split, int number, RowToRead read)
    {
        var id = $"{split}-{number:D4}";
        var labels = new Dictionary<string, string>
        {
            ["profile"] = _options.ProfileName,
            ["split"] = split,
            ["operation"] = read.Row is { } known ? DataRows.Label(known, "operation") : "unknown",
        };
        return DataRows.Task(id, labels, read.Where, () =>
        {
            var row = Mind2WebRow.Of(read.Row ?? throw new StarKvException(read.Fault));
            _tasks[id] = (row.Task, row.TotalSteps);
            return new PageView(_options, _prompt, row, read.Page(row)).Task(id, labels);
        });
    }

    /// <summary>A row of either form of the data.</summary>
    /// <param name="Where">File and place, for messages.</param>
    /// <param name="Row">The row in UGround's form; null when it cannot be read.</param>
    /// <param name="Fault">Why it cannot.</param>
    /// <param name="Page">Its page.</param>
    private sealed record RowToRead(string Where, JsonElement? Row, string Fault, Func<Mind2WebRow, IPage> Page);
}
