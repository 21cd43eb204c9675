using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests;

/// <summary>A run without a model whose tasks are given step by step, three steps each, of which the second is not judged.</summary>
internal static class FakeSessions
{
    public static RunPlan Plan { get; } = FakeRun.Plan with
    {
        Methods = ["full", "star-kv"],
        Memory = MemorySpan.Session,
        Sessions = ["reread", "lossless", "evict", "lossless:window=2:slide=drop", "lossless:window=2:slide=exact"],
    };

    /// <summary>Runs all tasks into a folder.</summary>
    public static void Go(RunFolder folder)
    {
        folder.Begin(FakeRun.Manifest(Plan));
        using var log = folder.Open(Shard.Whole);
        new Evaluator(Answer).Run(FakeRun.Tasks, log);
    }

    public static SampleRecord Answer(EvalTask task, CancellationToken cancellation = default)
    {
        var i = int.Parse(task.Id[1..]);
        return FakeRun.Answer(task, cancellation) with
        {
            Answers = [.. Plan.Caches.Select(cache => Cell(cache, i))],
        };
    }

    private static AnswerRecord Cell(RunCache cache, int i)
    {
        var mode = SessionMode.ModeOf(cache.Method)!;
        var share = int.Parse(cache.Keep[..^1]) / 100.0;
        // Dropping rows loses tasks at small budgets, reading exactly without a screenshot at all of them; the first step is lost less often.
        var lost = mode switch
        {
            { Storage: StarKV.Sessions.KvStorage.Evict } => share < 1 ? 0.3 / share : 0,
            { Slide: StarKV.Sessions.WindowSlide.Exact } => 8,
            _ => share < 0.1 ? 2 : 0,
        };
        var (last, first) = (i >= lost, i >= lost - 2 && i != 7);
        var full = 30_000L;
        return new AnswerRecord(cache.Method, cache.Keep, Of(last), "last", last ? "click (1,2)" : null, 5, 300 * share, (long)(3 * full * share), 3 * full, 0.5)
        {
            Steps = [Step(0, Of(first)), Step(1, null), Step(2, Of(last))],
        };

        StepRecord Step(int step, Verdict? verdict)
        {
            var (tokens, all) = (100 * (step + 1), full * (step + 1));
            var read = mode.ReadsAgain ? tokens : Math.Min(tokens, 110);
            var stored = mode.Storage is StarKV.Sessions.KvStorage.Lossless && share < 1;
            return new StepRecord(
                verdict, $"{(verdict is Verdict.Wrong ? "wrong" : "right")} {step}", null, tokens, read, tokens * share, (long)(all * share), mode.ReadsAgain || stored ? 0 : (long)(all * share), stored ? all : 0, read / 10.0, read / 5.0)
            {
                Kind = step == 2 ? "recall" : "step",
                FramesDropped = mode.Window is not null && step == 2 ? 1 : null,
                Notes = mode is { Slide: StarKV.Sessions.WindowSlide.Exact } && step == 2 ? ["The whole conversation was read again."] : null,
            };
        }

        static Verdict Of(bool right) => right ? Verdict.Right : Verdict.Wrong;
    }
}
