using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports;

/// <summary>A published benchmark's own metrics, cache by cache. Written as <c>metrics.json</c>, with the names of the released result files.</summary>
public static class BenchmarkMetrics
{
    private static readonly JsonSerializerOptions s_published = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The metrics of a run so far; numbers without a value are null.</summary>
    public static JsonObject Of(IPublishedBenchmark benchmark, RunPlan plan, IReadOnlyDictionary<string, SampleRecord> samples)
    {
        var caches = samples.Values.SelectMany(s => s.Answers).Select(a => (a.Method, a.Keep)).ToHashSet();
        var cells = plan.Methods.SelectMany(m => plan.Keep.Append("100%").Distinct().Select(k => (Method: m, Keep: k))).Where(caches.Contains).Select(cache =>
        {
            var answers = samples.Values.ToDictionary(s => s.Task, s => s.Answers.FirstOrDefault(a => (a.Method, a.Keep) == cache));
            return new JsonObject { ["method"] = cache.Method, ["keep"] = cache.Keep, ["metrics"] = JsonSerializer.SerializeToNode(benchmark.Metrics(answers), s_published) };
        });
        return new JsonObject
        {
            ["benchmark"] = plan.Benchmark,
            ["settings"] = JsonSerializer.SerializeToNode(plan.Settings),
            ["model"] = plan.Model,
            ["num_samples_evaluated"] = samples.Count,
            ["errors"] = samples.Values.Count(s => s.Error is not null),
            ["cells"] = new JsonArray([.. cells]),
        };
    }
}
