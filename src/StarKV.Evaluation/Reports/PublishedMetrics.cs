using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports;

/// <summary>
/// A published benchmark's own metrics, cache by cache. Written as <c>metrics.json</c>, with the names of the released result files.
/// </summary>
public static class PublishedMetrics
{
    /// <summary>
    /// Writes <c>metrics.json</c> into a run's folder, and each cache's numbers below <c>released</c> as the released programs write them.
    /// </summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="run">The folder.</param>
    /// <param name="plan">The run's plan.</param>
    /// <param name="samples">What the folder holds.</param>
    /// <returns>The metrics.</returns>
    public static JsonObject Write(
        IPublishedBenchmark benchmark, RunFolder run, RunPlan plan, IReadOnlyDictionary<string, SampleRecord> samples)
    {
        var metrics = Of(benchmark, plan, samples);
        run.Write(RunFolder.MetricsFile, metrics);
        foreach (var cell in metrics["cells"]!.AsArray())
        {
            var (method, keep) = ((string)cell!["method"]!, (string)cell["keep"]!);
            var (file, content) = benchmark.Released(
                new ReleasedRun(plan.Model, method, keep, plan.Compute.Split(' ')[^1], plan.MaxNewTokens), cell["metrics"]!.AsObject());
            run.Write(Path.Combine("released", $"{method}@{keep}", file), content);
        }

        return metrics;
    }

    private static readonly JsonSerializerOptions s_published = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The metrics of a run so far, of each cache over the tasks that it answered; numbers without a value are null.</summary>
    public static JsonObject Of(IPublishedBenchmark benchmark, RunPlan plan, IReadOnlyDictionary<string, SampleRecord> samples)
    {
        var summary = RunSummary.Of(plan, samples);
        var cells = summary.Cells.Select(cell => (Cell: cell, Cache: new RunCache(cell.Method, cell.Keep))).Select(c => new JsonObject
        {
            ["method"] = c.Cell.Method,
            ["keep"] = c.Cell.Keep,
            ["num_samples_evaluated"] = c.Cell.N,
            ["errors"] = c.Cell.Errors,
            ["metrics"] = JsonSerializer.SerializeToNode(
                benchmark.Metrics(samples.Values.ToDictionary(s => s.Task, s => s.AnswerOf(c.Cache))), s_published),
        });
        return new JsonObject
        {
            ["benchmark"] = plan.Benchmark,
            ["settings"] = JsonSerializer.SerializeToNode(plan.Settings),
            ["model"] = plan.Model,
            ["num_samples_evaluated"] = samples.Values.Count(s => s.Answers.Count > 0),
            ["errors"] = summary.Errors,
            ["reasons"] = JsonSerializer.SerializeToNode(summary.Reasons, RunJson.Line),
            ["cells"] = new JsonArray([.. cells]),
        };
    }
}
