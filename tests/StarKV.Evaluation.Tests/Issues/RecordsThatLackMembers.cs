using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>JSON that deserialises was taken for valid: nulls and missing members ended in errors of the runtime.</summary>
public sealed class RecordsThatLackMembers : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Hostile(string name) => RepositoryFiles.Path("tests", "vectors", "outside", "hostile", name);

    private static string Refusal(Func<object> read)
    {
        var message = Assert.Throws<StarKvException>(read).Message;
        Assert.DoesNotContain("StarKV.", message, StringComparison.Ordinal);
        return message;
    }

    [Theory]
    [InlineData("manifest-null1.json", "$[3].expected (line 5) is null")]
    [InlineData("manifest-null2.json", "$[2].sha256 (line 4) is null")]
    [InlineData("manifest-typed.json", "task 2, 'test-screen-icon-000', has no bbox, and expected is Action: {,53)")]
    public void A_list_of_tasks_is_refused_with_task_and_field(string file, string reason)
    {
        var message = Refusal(() => MiniGuiManifest.Read(Hostile(file)));
        Assert.StartsWith($"{Hostile(file)} is not a list of tasks", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"seed\":", "\"sead\":", "$[0] (line 2) lacks 'seed'")]
    [InlineData("\"width\":336,", "", "has the size 0x336")]
    [InlineData("\"width\":336", "\"width\":2147483647", "has the size 2147483647x336; both sides are multiples of 28 from 336 to 4200")]
    [InlineData("\"split\":\"Test\"", "\"split\":99", "has a split, form or kind that does not exist")]
    [InlineData("\"seed\":7000000000", "\"seed\":\"x\"", "$[0].seed (line 2) is not of the expected kind")]
    [InlineData("\"bbox\":[17,289,49,45]", "\"bbox\":[17,289,49,450]", "has the bbox [17, 289, 49, 450]")]
    [InlineData("\"bbox\":[17,289,49,45]", "\"bbox\":[17,289,0,45]", "x, y, width, height of a box in 336x336 are expected")]
    [InlineData("\"sha256\":[\"", "\"sha256\":[null,\"", "has no sha256 for some frame")]
    [InlineData("[\n{", "[null,\n{", "task 1 is null")]
    [InlineData("}\n]", "},{}\n]", "lacks 'id', 'split', 'form'")]
    public void Every_member_of_a_task_is_checked(string part, string other, string reason)
    {
        var good = System.Text.Encoding.UTF8.GetString(MiniGuiManifest.Bytes([MiniGuiManifest.Load()[0]]));
        Assert.Contains(part, good, StringComparison.Ordinal);
        Assert.Contains(reason, Refusal(() => MiniGuiManifest.Read(_folder.Write("tasks.json", good.Replace(part, other, StringComparison.Ordinal)))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_occurs_twice_is_refused_and_the_benchmark_s_own_tasks_pass_the_same_checks()
    {
        var tasks = MiniGuiManifest.Load();
        Assert.All(tasks, t => Assert.Null(t.Fault));
        Assert.Contains("has an id that occurs twice", Refusal(() => MiniGuiManifest.Read(_folder.Write("tasks.json", MiniGuiManifest.Bytes([tasks[0], tasks[0]])))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_of_a_run_with_null_is_refused()
    {
        File.Copy(Hostile("run-version-null.json"), _folder.File("run.json"));
        Assert.Contains("run.json is not the manifest of a run: $.environment.version (line 29) is null.", Refusal(() => new RunFolder(_folder.Path).Manifest()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"full\"", "null", "a text in one of its lists is null")]
    [InlineData("\"sources\":", "\"sauces\":", "lacks 'sources'")]
    [InlineData("\"libtorch\": \"2.10.0 CPU\"", "\"libtorch\": null", "a text in one of its lists is null")]
    public void Nulls_inside_lists_are_seen(string part, string other, string reason)
    {
        new RunFolder(_folder.Path).Begin(FakeRun.Manifest());
        var text = File.ReadAllText(_folder.File("run.json"));
        Assert.Contains(part, text, StringComparison.Ordinal);
        _folder.Write("run.json", text.Replace(part, other, StringComparison.Ordinal));
        Assert.Contains(reason, Refusal(() => new RunFolder(_folder.Path).Manifest()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("samples-missing-label.jsonl", "line 2 of", "the first line has kind, ssize, frames")]
    [InlineData("samples-null-key.jsonl", "line 3 of", "lacks 'keep'")]
    public void A_line_that_is_no_result_is_named(string file, string line, string reason)
    {
        // A time of 35 years in the first line is refused too, and would be named first.
        var path = _folder.Write(file, File.ReadAllText(Hostile(file)).Replace("1099511627776", "31", StringComparison.Ordinal));
        var message = Refusal(() => SampleLog.Read(path));
        Assert.Contains($"{line} {path} is not a result: ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("{}", "lacks 'task', 'labels'")]
    [InlineData("""{"task":"a","labels":{"kind":null}}""", "a label or an answer is null")]
    [InlineData("""{"task":"a","labels":{},"answers":[null]}""", "a label or an answer is null")]
    [InlineData("""{"task":null,"labels":{}}""", "$.task is null")]
    public void Lines_are_checked_after_reading(string line, string reason) =>
        Assert.Contains($"line 2 of {_folder.File("s.jsonl")} is not a result: ", Checked(() => SampleLog.Read(_folder.Write("s.jsonl", $"\n{line}\n")), reason), StringComparison.Ordinal);

    [Fact]
    public void A_plan_that_no_program_wrote_is_refused()
    {
        var plan = FakeRun.Plan with { Settings = new Dictionary<string, string> { ["profile"] = "mine" } };
        _folder.Write("500_steps.json", "[]");
        var sources = new RunSources("androidcontrol", "m") { Annotations = _folder.Path, Images = _folder.Path };
        Assert.Contains("profile 'mine'", Refusal(() => RunBenchmark.Open(plan, sources)), StringComparison.Ordinal);
        plan = plan with { Settings = new Dictionary<string, string> { ["imageSlots"] = "many" } };
        Assert.Contains("imageSlots 'many'", Refusal(() => RunBenchmark.Open(plan, sources)), StringComparison.Ordinal);
    }

    private static string Checked(Func<object> read, string reason)
    {
        var message = Refusal(read);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        return message;
    }
}
