using System.Xml.Linq;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Reports;

public sealed class ResultsPageTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_page_of_two_runs_and_its_pictures()
    {
        var (first, second) = (new RunFolder(_temp.File("sample")), new RunFolder(_temp.File("session")));
        FakeRun.Go(first, Shard.Whole);
        second.Begin(FakeRun.Manifest(FakeRun.Plan with { Memory = MemorySpan.Session, Methods = ["star-kv"] }));
        using (var log = second.Open(Shard.Whole))
            new Evaluator((task, stop) => FakeRun.Answer(task, stop) is var record ? record with { Answers = [.. record.Answers.Where(a => a.Method == "star-kv")] } : record).Run(FakeRun.Tasks, log);
        var (page, pictures) = new ResultsPage(FinishedRun.Read([first.Path, second.Path])).Make("images", "page");
        Snapshot.Check("results.txt", page);
        Assert.Equal(8, pictures.Count);
        Snapshot.Check("curves.svg", pictures["page-1-keep.svg"]);
        Assert.All(pictures.Values, svg => Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName));
    }

    [Fact]
    public void The_subject_is_tested_against_all_others_but_its_own_variants()
    {
        var folder = new RunFolder(_temp.File("subject"));
        folder.Begin(FakeRun.Manifest(FakeRun.Plan with { Methods = ["full", "star-kv", "star-kv:temporal=off", "snapkv"] }));
        using (var log = folder.Open(Shard.Whole))
            new Evaluator((task, stop) => FakeRun.Answer(task, stop) is var record
                ? record with { Answers = [.. record.Answers, .. record.Answers.Where(a => a.Method == "star-kv").Select(a => a with { Method = "star-kv:temporal=off" })] }
                : record).Run(FakeRun.Tasks, log);
        var runs = FinishedRun.Read([folder.Path]);
        Assert.Equal(["snapkv"], Seconds("star-kv"));
        Assert.Equal(["star-kv", "star-kv:temporal=off"], Seconds("snapkv"));

        IEnumerable<string> Seconds(string subject)
        {
            var page = new ResultsPage(runs) { Subject = subject }.Make("images", "page").Markdown;
            var table = page[page.IndexOf($"`{subject}` against other methods", StringComparison.Ordinal)..].Split("\n\n")[2];
            return table.Split('\n').Where(row => row.StartsWith($"| `{subject}` |", StringComparison.Ordinal)).Select(row => row.Split('`')[3]).Distinct();
        }
    }

    [Fact]
    public void Curves_show_methods_that_protect_a_part_but_no_other_variants()
    {
        var folder = new RunFolder(_temp.File("protected"));
        folder.Begin(FakeRun.Manifest(FakeRun.Plan with { Methods = ["full", "star-kv", "star-kv:protect=instruction", "star-kv:temporal=off"] }));
        using (var log = folder.Open(Shard.Whole))
            new Evaluator((task, stop) => FakeRun.Answer(task, stop) is var record
                ? record with { Answers = [.. record.Answers.Select(a => a.Method == "snapkv" ? a with { Method = "star-kv:protect=instruction" } : a)] } : record).Run(FakeRun.Tasks, log);
        var (_, pictures) = new ResultsPage(FinishedRun.Read([folder.Path])).Make("images", "page");
        Assert.All(pictures.Values, svg =>
        {
            var words = XDocument.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
            Assert.Contains("star-kv", words);
            Assert.Contains("star-kv + instruction", words);
            Assert.DoesNotContain(words, w => w.Contains("temporal", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void An_unfinished_run_is_refused()
    {
        var folder = new RunFolder(_temp.File("half"));
        FakeRun.Go(folder, new Shard(1, 2));
        Assert.Contains("6 of 12 tasks are done", Assert.Throws<StarKvException>(() => FinishedRun.Read([folder.Path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_of_two_models_are_refused()
    {
        var (first, second) = (new RunFolder(_temp.File("a")), new RunFolder(_temp.File("b")));
        FakeRun.Go(first, Shard.Whole);
        second.Begin(FakeRun.Manifest(FakeRun.Plan with { ModelFingerprint = "1" }));
        Assert.Contains("one page holds one of each", Assert.Throws<StarKvException>(() => FinishedRun.Read([first.Path, second.Path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_run_is_refused() =>
        Assert.Contains("holds no run", Assert.Throws<StarKvException>(() => FinishedRun.Read([_temp.Path])).Message, StringComparison.Ordinal);
}
