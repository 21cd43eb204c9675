using StarKV.Budget;
using StarKV.Compact;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;
using StarKV.Reports.Inspect;
using StarKV.Score;
using StarKV.Score.Wrappers;

namespace StarKV.Evaluation.Tests.Runs;

/// <summary>The shipped model on a few tasks.</summary>
public sealed class ModelRunTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly GuiAgent _agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu");

    public void Dispose()
    {
        _agent.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void Every_method_at_three_budgets_on_a_handful_of_tasks()
    {
        // Small screens of one to three frames.
        var benchmark = new MiniGuiBenchmark([.. MiniGuiManifest.Load().Where(t => t.Size is { Width: 336, Height: 336 }).DistinctBy(t => t.Sha256.Count).Where(t => t.Sha256.Count <= 3)]);
        var compressions = Grid([.. Methods.All.Select(m => m.Name)], "5%", "20%", "100%");
        var plan = FakeRun.Plan with { Benchmark = benchmark.Name, Tasks = 3, Methods = [.. Methods.All.Select(m => m.Name)], Keep = ["5%", "20%", "100%"] };
        var folder = new RunFolder(_temp.Path);
        using (var log = folder.Open(Shard.Whole))
            new Evaluator(new TaskAnswers(_agent, plan, compressions).Of).Run(benchmark.Tasks, log);
        var summary = RunSummary.Of(plan, folder.Samples());
        Assert.Equal((3, 0), (summary.Done, summary.Errors));
        Assert.Equal(1 + 3 * (Methods.All.Count - 1), summary.Cells.Count);
        // Nothing dropped is nothing lost, whatever the method.
        Assert.All(folder.Samples().Values, s => Assert.Single(s.Answers.Where(a => a.Keep == "100%").Select(a => a.Answer).Distinct()));
        Assert.All(summary.Cells.Where(c => c.Keep == "100%"), c => Assert.Equal(1, c.ByteShare));
        Assert.All(summary.Cells.Where(c => c.Keep == "20%"), c => Assert.InRange(c.ByteShare, 0.18, 0.21));
        // What a draft took is written, and more than a full cache was held for it.
        var answers = folder.Samples().Values.SelectMany(s => s.Answers).ToLookup(a => a.Method == "laq" && a.Keep != "100%");
        Assert.All(answers[false], a => Assert.Null(a.Draft));
        Assert.Equal(6, answers[true].Count());
        Assert.All(answers[true], a => Assert.InRange(a.Draft!.Tokens, 1, 8));
        Assert.All(answers[true], a => Assert.True(a.Draft!.HeldBytes > a.FullBytes + a.Bytes && a.Draft.Milliseconds > 0));
    }

    [Fact]
    public void Answers_written_side_by_side_are_those_written_alone()
    {
        var task = new MiniGuiBenchmark().Tasks[0];
        var input = task.Open();
        var compressions = Grid(["full", "star-kv", "snapkv:granularity=query-head", "laq:preset=plus", "knorm"], "20%", "40%");
        var options = new ManyAnswersOptions { Compressions = compressions, Position = task.Position };
        // What is made once, such as constants, is made at the first answer.
        var many = _agent.AnswerMany(input.Screens, task.Instruction, options);
        var live = _agent.LiveTensors;
        _agent.AnswerMany(input.Screens, task.Instruction, options);
        Assert.Equal(live, _agent.LiveTensors);
        foreach (var (compression, answer) in compressions.Zip(many.Answers.Select(a => a.OrThrow())))
        {
            var alone = _agent.Ground(input.Screens, task.Instruction, new GroundingOptions { Method = compression.Method, Budget = compression.Budget, Position = task.Position });
            Assert.Equal((alone.Text, alone.Finish), (answer.Text, answer.Finish));
            Assert.Equal(alone.Tokens, answer.Tokens);
            Assert.Equal((alone.Kv.Bytes, alone.Kv.FullBytes), (answer.Kv.Bytes, answer.Kv.FullBytes));
        }
    }

    [Theory]
    [InlineData("star-kv")]
    [InlineData("pyramidkv")]
    [InlineData("vl-cache")]
    public void A_share_of_the_image_keeps_all_text(string method)
    {
        var task = new MiniGuiBenchmark().Tasks[0];
        var input = task.Open();
        var inspection = _agent.Inspect(input.Screens, task.Instruction, new InspectionOptions
        {
            Compressions = [.. new[] { 0.01, 0.2 }.Select(share => new Compression(new ImageShare(Methods.Create(method)), KvBudget.Keep(share)))],
            Position = task.Position,
        });
        var prompt = inspection.Prompt;
        var text = Enumerable.Range(0, prompt.Length).Where(t => prompt.Classes[t] != Text.TokenClass.Vision).ToList();
        foreach (var cache in inspection.Caches)
            Assert.All(Enumerable.Range(0, cache.Kept.Layers), layer => Assert.Equal(text.Count, cache.Kept.Count(layer, text), 1e-6));
        var image = inspection.Caches.Select(c => c.Answer.Kv.KeptTokens - text.Count).ToList();
        Assert.InRange(image[0], 1, 0.02 * prompt.VisionTokens + 1);
        Assert.InRange(image[1], 0.15 * prompt.VisionTokens, 0.22 * prompt.VisionTokens);
    }

    [Fact]
    public void A_session_s_memory_comes_from_the_history_s_earlier_steps()
    {
        var benchmark = new MiniGuiBenchmark([MiniGuiManifest.Load().First(t => t.Sha256.Count == 3 && t.Size.Width == 336)]);
        var probe = new CountingMethod();
        var compression = new Compression(probe, KvBudget.Keep(0.5));
        var answers = new TaskAnswers(_agent, FakeRun.Plan with { Memory = MemorySpan.Session, MaxNewTokens = 2 }, [compression]);
        for (var repeat = 0; repeat < 2; repeat++)
        {
            answers.Of(benchmark.Tasks[0] with { Id = $"{repeat}" }, CancellationToken.None);
            // Three prefills with one memory, which the next task does not see.
            Assert.Equal([1, 2, 3], probe.Seen);
            probe.Seen.Clear();
        }
    }

    private static List<Compression> Grid(string[] methods, params string[] keep) => [.. methods.SelectMany(m =>
    {
        var options = m.Split(':')[1..].Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]);
        return keep.Take(m == "full" ? 1 : keep.Length).Select(k => new Compression(Methods.Create(m.Split(':')[0], options), KvBudget.Parse(k)) { Name = m });
    })];
}
