using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary><c>starkv-bench prefill</c>: from pixels in host memory to the first token on the host.</summary>
internal static class PrefillBench
{
    /// <summary>
    /// Times in milliseconds, memory in bytes. The parts' times need waits between them, so they come from separate runs. Kernels of
    /// our own must give the logits of the plain operations: the largest difference as a share of the largest logit; null on the CPU.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, Spread PixelsToFirstToken, Spread Vision, Spread Prefill,
        Spread SelectAndCompact, long KvBytesHeld, long UsedBytesAfterPrefill, double? LogitsDifference)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal) =>
        BenchScenario.Create<Row>(terminal, "prefill", "Time from pixels in host memory to the first token on the host.",
        [("first token ms", r => r.PixelsToFirstToken.Text), ("vision ms", r => r.Vision.Text), ("prefill ms", r => r.Prefill.Text),
            ("selection ms", r => r.SelectAndCompact.Text), ("KV held", r => Format.Bytes(r.KvBytesHeld))],
        Run);

    private static IEnumerable<Row> Run(BenchPlan plan, IVisionLanguageModel model) =>
        from count in plan.Screens
        from compression in plan.Compressions
        select Time(plan, model, plan.Images(model, count), compression);

    private static Row Time(BenchPlan plan, IVisionLanguageModel model, IReadOnlyList<ModelImage> images, Compression compression)
    {
        var prompt = BenchPlan.Prompt(model, images);
        var (first, vision, prefill, selection) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        long held = 0, used = 0;
        plan.Repeat(counts =>
        {
            using var scope = NewDisposeScope();
            using var memory = new LayerMemory();
            var watch = Stopwatch.StartNew();
            using var read = new PrefillRunner(model.Text)
                .Run(
                    prompt, new ScreenEncoder(model.Vision).Encode(images), compression with { Memory = memory },
                    BenchPlan.Reading(model));
            BenchPlan.FirstToken(model, read);
            var done = watch.Elapsed.TotalMilliseconds;
            used = Math.Max(used, MemoryReading.Now(model.Compute) is var m ? m.DeviceUsedBytes ?? m.ProcessBytes : 0);
            held = read.Cache.NBytes;
            // The parts need waits between them.
            watch.Restart();
            var screens = new ScreenEncoder(model.Vision).Encode(images);
            model.Compute.Synchronize();
            var seen = watch.Elapsed.TotalMilliseconds;
            using var waited = new PrefillRunner(model.Text)
                .Run(prompt, screens, compression with { Memory = memory }, BenchPlan.Reading(model) with { MeasureSelection = true });
            BenchPlan.FirstToken(model, waited);
            var parts = watch.Elapsed.TotalMilliseconds;
            if (!counts)
                return;
            vision.Add(seen);
            prefill.Add(parts - seen);
            first.Add(done);
            selection.Add(waited.Selection.TotalMilliseconds);
        });
        return new Row(
            images.Count, compression.Name, BenchPlan.Keep(compression), prompt.Length, Spread.Of(first), Spread.Of(vision),
            Spread.Of(prefill), Spread.Of(selection), held, used, KernelCheck.OfPrefill(model, prompt, images, compression));
    }
}
