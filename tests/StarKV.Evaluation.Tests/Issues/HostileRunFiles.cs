using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>The files of a run that differ from good ones in one place are read or refused with file, line and reason; nothing else happens. Reliability F6.</summary>
public sealed class HostileRunFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public HostileRunFiles()
    {
        new RunFolder(_folder.Path).Begin(FakeRun.Manifest(FakeRun.Plan with { Tasks = 2 }));
        using var log = SampleLog.Open(_folder.File("samples-1-of-1.jsonl"), _folder.File("errors-1-of-1.jsonl"));
        log.Append(FakeRun.Answer(FakeRun.Tasks[0]) with { Milliseconds = new SampleTimes(1, 2, 3, 4, 5, 15) });
        log.Append(FakeRun.Failing(FakeRun.Tasks[1], new RunCache("snapkv", "5%"), "4 tokens of 1,024 do not fit."));
    }

    public void Dispose() => _folder.Dispose();

    private string Page() => new ResultsPage(FinishedRun.Read([_folder.Path])).Make("images", "name").Markdown;

    /// <summary>Reads a run of which one line of one file is another; each refusal must begin as expected or tell what the run lacks.</summary>
    private void Each(string file, Func<string, string> other, string good, string refusal)
    {
        var (read, refused) = (0, 0);
        foreach (var json in JsonMutations.Of(good))
        {
            _folder.Write(file, other(json.ReplaceLineEndings(" ")));
            var error = Record.Exception(Page);
            Assert.True(error is null or StarKvException, $"{json}: {error}");
            Assert.DoesNotContain("StarKV.", error?.Message ?? "", StringComparison.Ordinal);
            if (error?.Message.Contains(refusal, StringComparison.Ordinal) is true)
                refused++;
            read += error is null ? 1 : 0;
        }

        Assert.True(read > 0 && refused > 100, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_manifest_is_read_or_refused() =>
        Each("run.json", json => json, File.ReadAllText(_folder.File("run.json")), $"{_folder.File("run.json")} is not the manifest of a run");

    [Fact]
    public void A_line_of_results_is_read_or_refused()
    {
        var lines = File.ReadAllLines(_folder.File("samples-1-of-1.jsonl"));
        Each("samples-1-of-1.jsonl", json => $"{lines[1]}\n{json}\n", lines[0], $"line 2 of {_folder.File("samples-1-of-1.jsonl")} is not a result");
    }

    [Fact]
    public void A_line_of_errors_is_read_or_refused()
    {
        var line = File.ReadAllText(_folder.File("errors-1-of-1.jsonl"));
        Each("errors-1-of-1.jsonl", json => $"{json}\n", line, $"line 1 of {_folder.File("errors-1-of-1.jsonl")} is not an error of a run");
    }

    [Fact]
    public void A_start_is_read_or_passed_over()
    {
        foreach (var json in JsonMutations.Of("""{"version":"1","runtime":"r","libraries":{"a":"1"},"system":"s","cores":2,"threads":1,"utc":"2026-01-01"}"""))
        {
            _folder.Write("starts-1-of-1.jsonl", $"{json.ReplaceLineEndings(" ")}\n");
            _ = new RunFolder(_folder.Path).Starts();
        }
    }

    [Fact]
    public void Steps_and_modes_are_read_or_refused()
    {
        using var folder = new TempFolder();
        FakeSessions.Go(new RunFolder(folder.Path));
        var (manifest, samples) = (folder.File("run.json"), folder.File("samples-1-of-1.jsonl"));
        var (plan, lines) = (File.ReadAllText(manifest), File.ReadAllLines(samples));
        foreach (var (file, good, part, other, reason) in new[]
        {
            (samples, lines[0], "\"tokensRead\":110", "\"tokensRead\":999", "a step's tokensRead is 999; a number from 1 to 200 is expected"),
            (samples, lines[0], "\"hostBytes\":0", "\"hostBytes\":-1", "a step's hostBytes is -1; a number from 0 to"),
            (samples, lines[0], "\"steps\":[", "\"steps\":[null,", "a step is null"),
            (samples, lines[0], "\"notes\":[", "\"notes\":[null,", "a step's note is null"),
            (manifest, plan, "\"evict\"", "\"evict:budget=final\"", "sessions has the mode evict:budget=final; evict is expected"),
            (manifest, plan, "\"evict\"", "\"away\"", "'away' is not a mode of --sessions"),
            (manifest, plan, "\"evict\"", "\"lossless\"", "sessions names something twice"),
            (manifest, plan, "\"evict\"", "null", "a text in one of its lists is null"),
            (manifest, plan, "\"star-kv\"", "\"star-kv@evict\"", "methods has star-kv@evict"),
        })
        {
            Assert.Contains(part, good, StringComparison.Ordinal);
            var changed = good[..good.IndexOf(part, StringComparison.Ordinal)] + other + good[(good.IndexOf(part, StringComparison.Ordinal) + part.Length)..];
            File.WriteAllText(samples, string.Join('\n', file == samples ? [changed, .. lines[1..]] : lines) + "\n");
            File.WriteAllText(manifest, file == manifest ? changed : plan);
            Assert.Contains(reason, Assert.Throws<StarKvException>(() => FinishedRun.Read([folder.Path])).Message, StringComparison.Ordinal);
        }

        // Steps in a run of single questions, and none in one of sessions, are no result of it and no fault of the page.
        File.WriteAllLines(samples, lines.Select(l => l.Replace("\"steps\":", "\"other\":", StringComparison.Ordinal)));
        File.WriteAllText(manifest, plan);
        Assert.NotEmpty(new ResultsPage(FinishedRun.Read([folder.Path])).Make("images", "name").Markdown);
    }

    [Theory]
    [InlineData("\"tokens\":5", "\"tokens\":2147483647", "tokens is 2147483647; a number from 0 to 16777216 is expected")]
    [InlineData("\"tokens\":5", "\"tokens\":5,\"tokens\":6", "$.answers[0].tokens")]
    [InlineData("\"keptTokens\":100", "\"keptTokens\":1e999", "$.answers[0].keptTokens is not of the expected kind")]
    [InlineData("\"fullBytes\":100000", "\"fullBytes\":0", "fullBytes is 0; a number from 1 to")]
    [InlineData("\"keep\":\"5%\"", "\"keep\":\"x%\"", "keep is x%; a budget such as 20% is expected")]
    [InlineData("\"verdict\":\"right\"", "\"verdict\":7", "$.answers[0].verdict is not of the expected kind")]
    [InlineData("\"verdict\":\"right\"", "\"verdict\":\"left\"", "$.answers[0].verdict is not of the expected kind")]
    public void Numbers_beyond_their_bounds_and_names_twice_are_refused(string part, string other, string reason)
    {
        var file = _folder.File("samples-1-of-1.jsonl");
        var text = File.ReadAllText(file);
        Assert.Contains(part, text, StringComparison.Ordinal);
        var at = text.IndexOf(part, StringComparison.Ordinal);
        File.WriteAllText(file, string.Concat(text.AsSpan(0, at), other, text.AsSpan(at + part.Length)));
        var message = Assert.Throws<StarKvException>(() => SampleLog.Read(file)).Message;
        Assert.StartsWith($"line 1 of {file} is not a result: ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"tasks\": 2", "\"tasks\": -1", "tasks is -1; a number from 1 to")]
    [InlineData("\"5%\"", "\"20%\"", "keep names something twice")]
    [InlineData("\"match\": \"tokens\"", "\"match\": 9", "$.plan.match")]
    public void A_plan_that_no_run_has_is_refused(string part, string other, string reason)
    {
        var text = File.ReadAllText(_folder.File("run.json"));
        Assert.Contains(part, text, StringComparison.Ordinal);
        _folder.Write("run.json", text.Replace(part, other, StringComparison.Ordinal));
        Assert.Contains(reason, Assert.Throws<StarKvException>(() => new RunFolder(_folder.Path).Manifest()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_with_other_labels_than_the_results_is_refused()
    {
        _folder.Write("errors-1-of-1.jsonl", """{"task":"t11","labels":{"colour":"red"},"error":"e"}""" + "\n");
        var message = Assert.Throws<StarKvException>(() => RunSummary.Of(FakeRun.Plan, new RunFolder(_folder.Path).Samples())).Message;
        Assert.Contains("task 't11' has the labels colour, task 't00' has kind", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_leads_elsewhere_names_no_file()
    {
        var samples = FakeRun.Tasks.Select(t => FakeRun.Answer(t) with { Labels = new Dictionary<string, string> { ["kind"] = t.Labels["kind"] == "Text" ? "../../x" : "Icon" } }).ToDictionary(s => s.Task);
        var run = new FinishedRun(RunSummary.Of(FakeRun.Plan, samples), samples) { Manifest = FakeRun.Manifest() };
        var files = new ResultsPage([run]).Make("images", "name").Pictures.Keys;
        Assert.Contains("name-1-kind-icon.svg", files);
        Assert.All(files, file => Assert.Equal(file, Path.GetFileName(file)));
    }

    [Fact]
    public void A_list_of_tasks_is_read_or_refused()
    {
        var good = System.Text.Encoding.UTF8.GetString(MiniGuiManifest.Bytes([MiniGuiManifest.Load()[0]]));
        foreach (var json in JsonMutations.Of(good))
        {
            var path = _folder.Write("tasks.json", json);
            var error = Record.Exception(() => MiniGuiManifest.Read(path));
            Assert.True(error is null or StarKvException, $"{json}: {error}");
            Assert.Contains(path, error?.Message ?? path, StringComparison.Ordinal);
        }
    }
}
