using System.Text.Json;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Only <c>--filter kind=Icon</c> was taken, and <c>TypeGiven</c> stood in results: names of the source code.</summary>
public sealed class LabelsHadTheSpellingOfCode
{
    private static readonly MiniGuiBenchmark s_benchmark = new();

    [Fact]
    public void Labels_are_lower_case_with_hyphens() => Assert.All(
        s_benchmark.Tasks.SelectMany(t => t.Labels.Values).Distinct(), value => Assert.Matches("^[a-z0-9]+([- ][a-z0-9]+)*$", value));

    [Theory]
    [InlineData("kind=type-given", "kind=type-given")]
    [InlineData("kind=TypeGiven", "kind=type-given")]
    [InlineData("KIND=typegiven", "kind=type-given")]
    [InlineData("form=First", "form=first")]
    [InlineData("stratum=First TypeGiven", "stratum=first type-given")]
    [InlineData("size=336x336", "size=336x336")]
    public void Filters_are_read_in_any_case_and_written_in_one(string asked, string taken) => Assert.Equal([taken], TaskSelection.Filters(s_benchmark, [asked]));

    [Fact]
    public void Samples_of_older_runs_have_the_labels_of_today()
    {
        const string line = """{"task":"a","labels":{"kind":"TypeGiven","stratum":"First TypeGiven","form":"First","split":"Test","size":"336x336","frames":"3"},"error":"none"}""";
        var labels = JsonSerializer.Deserialize<SampleRecord>(line, RunJson.Line)!.Labels;
        Assert.Equal("type-given, first type-given, first, test, 336x336, 3", string.Join(", ", labels.Values));
        // Other benchmarks' labels are their own.
        var other = JsonSerializer.Deserialize<SampleRecord>("""{"task":"a","labels":{"kind":"Text","form":"First"},"error":"none"}""", RunJson.Line)!;
        Assert.Equal("Text, First", string.Join(", ", other.Labels.Values));
    }

    [Fact]
    public void A_plan_of_an_older_run_is_that_of_today()
    {
        var plan = new RunPlan { Benchmark = MiniGuiManifest.Name, Model = "m", ModelFingerprint = "0", Compute = "cpu float32", Tasks = 1, Methods = ["full"], Keep = [], Filter = ["kind=type-given", "form=first"] };
        var old = JsonSerializer.Serialize(plan, RunJson.Line).Replace("type-given", "TypeGiven", StringComparison.Ordinal).Replace("first", "First", StringComparison.Ordinal);
        Assert.Empty(RunJson.Differences(plan, JsonSerializer.Deserialize<RunPlan>(old, RunJson.Line)!));
    }

    [Theory]
    [InlineData("\"match\":\"bytes\"", "\"match\":\"Bytes\"")]
    [InlineData("\"convention\":\"image\"", "\"convention\":\"Image\"")]
    [InlineData("\"memory\":\"session\"", "\"memory\":\"SESSION\"")]
    public void Names_in_a_manifest_are_read_in_any_case(string today, string other)
    {
        var plan = new RunPlan
        {
            Benchmark = "b",
            Model = "m",
            ModelFingerprint = "0",
            Compute = "cpu float32",
            Tasks = 1,
            Methods = ["full"],
            Keep = [],
            Match = MatchBy.Bytes,
            Convention = BudgetConvention.Image,
            Memory = MemorySpan.Session,
        };
        var written = JsonSerializer.Serialize(plan, RunJson.Line);
        Assert.Contains(today, written, StringComparison.Ordinal);
        Assert.Empty(RunJson.Differences(plan, JsonSerializer.Deserialize<RunPlan>(written.Replace(today, other, StringComparison.Ordinal), RunJson.Line)!));
    }

    [Fact]
    public void What_no_task_has_is_refused_with_what_there_is()
    {
        Assert.Contains("Did you mean icon?", Refusal("kind=icn"), StringComparison.Ordinal);
        Assert.Contains("has no label 'sort'; it has kind, stratum", Refusal("sort=icon"), StringComparison.Ordinal);
        Assert.Contains("such as kind=icon", Refusal("icon"), StringComparison.Ordinal);
    }

    private static string Refusal(string filter) => Assert.Throws<StarKvException>(() => TaskSelection.Filters(s_benchmark, [filter])).Message;
}
