using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench step</c>: a session's next screenshot after the cache of the earlier ones, from pixels in host memory to the first
/// token on the host.
/// </summary>
internal static class StepBench
{
    /// <summary>
    /// Times in milliseconds. New tokens are those that the step reads; from scratch, all screenshots are encoded and all tokens read.
    /// Where the cache
    /// keeps everything, both must give the same logits: the largest difference, as a share of the largest logit, null for other caches.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, int NewTokens, Spread PixelsToFirstToken, Spread Vision, Spread Prefill,
        Spread PixelsToFirstTokenFromScratch, long KvBytesHeld,
        double? LogitsDifference)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal) =>
        BenchScenario.Create<Row>(terminal, "step", "Time one new screenshot behind the cache of the earlier ones, " +
            "and reading everything again.",
        [("first token ms", r => r.PixelsToFirstToken.Text), ("vision ms", r => r.Vision.Text), ("prefill ms", r => r.Prefill.Text),
            ("from scratch ms", r => r.PixelsToFirstTokenFromScratch.Text), ("KV held", r => Format.Bytes(r.KvBytesHeld))],
        Run, defaultScreens: [5]);

    private static IEnumerable<Row> Run(BenchPlan plan, IVisionLanguageModel model)
    {
        // One screenshot has none before it: lists that other scenarios share may name it.
        var counts = plan.Screens.Where(n => n > 1).ToList();
        if (counts.Count == 0)
            throw new StarKvException($"--screens is {string.Join(' ', plan.Screens)}; a step needs at least 2, the new one included.");
        return from count in counts
               from compression in plan.Compressions
               select Time(plan, model, plan.Images(model, count), compression);
    }

    private static Row Time(BenchPlan plan, IVisionLanguageModel model, IReadOnlyList<ModelImage> images, Compression compression)
    {
        using var outer = NewDisposeScope();
        var (earlier, runner, encoder) = (images.SkipLast(1).ToList(), new PrefillRunner(model.Text), new ScreenEncoder(model.Vision));
        var history = BenchPlan.Prompt(model, earlier);
        var sequence = history.Then(BenchPrompt.Step(model.Config, images[^1].Grid));
        var shown = encoder.Encode(earlier);
        var (step, vision, prefill, scratch, held, difference) = (new List<double>(), new List<double>(), new List<double>(),
            new List<double>(), 0L, 0.0);
        plan.Repeat(counts =>
        {
            using var scope = NewDisposeScope();
            using var memory = new LayerMemory();
            var session = compression with { Memory = memory };
            var kept = runner.Run(history, shown, session, BenchPlan.Reading(model));
            model.Compute.Synchronize();
            var watch = Stopwatch.StartNew();
            var newest = encoder.Encode([images[^1]]);
            model.Compute.Synchronize();
            var seen = watch.Elapsed.TotalMilliseconds;
            using var read = runner.Continue(kept, sequence, newest, session, BenchPlan.Reading(model));
            BenchPlan.FirstToken(model, read);
            var done = watch.Elapsed.TotalMilliseconds;
            held = read.Cache.NBytes;

            watch.Restart();
            using var whole = runner.Run(sequence, encoder.Encode(images), compression, BenchPlan.Reading(model));
            BenchPlan.FirstToken(model, whole);
            var again = watch.Elapsed.TotalMilliseconds;
            difference = Math.Max(difference, KernelCheck.Share(read.Logits, whole.Logits));
            if (!counts)
                return;
            vision.Add(seen);
            prefill.Add(done - seen);
            step.Add(done);
            scratch.Add(again);
        });
        return new Row(
            images.Count, compression.Name, BenchPlan.Keep(compression), sequence.Length, sequence.Length - history.Length, Spread.Of(step),
            Spread.Of(vision), Spread.Of(prefill), Spread.Of(scratch), held,
            compression.KeepsEverything ? difference : null);
    }
}
