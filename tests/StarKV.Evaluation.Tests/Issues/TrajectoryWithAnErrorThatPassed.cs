using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;
using StarKV.Evaluation.Tests.Benchmarks.Published;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>A step that failed stayed failed, and the steps behind it went on from an answer that was never given.</summary>
public sealed class TrajectoryWithAnErrorThatPassed(MiniRun mini) : IClassFixture<MiniRun>, IDisposable
{
    private const int Width = 280, Height = 196;
    private readonly Fixture _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(MemorySpan.Sample)]
    [InlineData(MemorySpan.Session)]
    public void Once_it_is_mended_the_run_equals_one_that_never_failed(MemorySpan memory)
    {
        _files.Json("data/s_01.json", new { task_id = "s_01", high_level_task_description = "Turn it on", meta_info = new { system = "windows" }, steps = Enumerable.Range(1, 4).Select(Step) });
        foreach (var step in new[] { 1, 3, 4 })
            Draw(step);
        Of("mended");
        Assert.Equal(["s_01/02"], new RunFolder(_files.At("mended")).Samples().Values.Where(s => s.HasErrors).Select(s => s.Task));
        Assert.Equal([null, null, 1, 1], new[] { 1, 2, 3, 4 }.Select(step => Find("mended", step).Answers.Select(a => a.EarlierFailed).FirstOrDefault()));
        Draw(2);
        Of("mended");
        Of("whole");
        foreach (var step in Enumerable.Range(1, 4))
        {
            var (mended, whole) = (Find("mended", step), Find("whole", step));
            Assert.Equal(
                whole.Answers.Select(a => (a.Cache, a.Answer, a.Verdict, a.KeptTokens, a.EarlierFailed)).OrderBy(a => a.Cache.Method),
                mended.Answers.Select(a => (a.Cache, a.Answer, a.Verdict, a.KeptTokens, a.EarlierFailed)).OrderBy(a => a.Cache.Method));
        }

        // And nothing is left to be run.
        var lines = File.ReadAllLines(Path.Combine(_files.At("mended"), Shard.Whole.FileName)).Length;
        Of("mended");
        Assert.Equal(lines, File.ReadAllLines(Path.Combine(_files.At("mended"), Shard.Whole.FileName)).Length);

        void Of(string run) => mini.Of(new AgentNetBenchmark(new BenchmarkOptions(_files.At("data"), _files.At("data/images")) { ImageSlots = 1 }), _files.At(run), memory, methods: ["star-kv", "knorm"]);
    }

    private SampleRecord Find(string run, int step) => new RunFolder(_files.At(run)).Samples()[$"s_01/{step:D2}"];

    private void Draw(int step) => _files.Png($"data/images/s_01_{step}.png", Width, Height, x: 20 * step);

    private static object Step(int step) => new
    {
        step_num = step,
        image = $"s_01_{step}.png",
        inner_monologue = new { thought = $"thought {step}", low_level_instruction = $"done {step}" },
        ground_truth_actions = new object[] { new { type = "click", @params = new { position = new { x = 0.5, y = 0.5 } }, metadata = new { bboxes = Array.Empty<object>() } } },
    };
}
