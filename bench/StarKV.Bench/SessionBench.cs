using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime.Cuda;
using StarKV.Sessions;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench session</c>: a session's next screenshot with each storage, from pixels in host memory to the first token on the host,
/// and with many sessions at rest.
/// </summary>
internal static class SessionBench
{
    /// <summary>
    /// Times in milliseconds. The step ends with the first token; saving is what comes after it until the session can take the next one.
    /// From scratch, all screenshots are encoded and all tokens read, in turn with the steps. Where every row is seen, the logits are
    /// compared with those of reading everything: the largest difference, as a share of the largest. Device
    /// bytes are what the session holds between steps; the peak is what the step takes besides the model and all sessions, null where the
    /// driver does not say.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, string Storage, int Sessions, int NewTokens, Spread PixelsToFirstToken,
        Spread Vision, Spread Prefill, Spread Saving, Spread PixelsToFirstTokenFromScratch, long DeviceBytes, long HostBytes,
        long AttendedBytes, long? PeakBytes, double? LogitsDifference)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal) => BenchScenario.Create<Row>(
        terminal, "session", "Time one new screenshot of a session with each storage, alone and among many sessions.",
        [
            ("storage", r => r.Storage), ("sessions", r => $"{r.Sessions}"), ("first token ms", r => r.PixelsToFirstToken.Text),
            ("vision ms", r => r.Vision.Text), ("prefill ms", r => r.Prefill.Text),
            ("from scratch ms", r => r.PixelsToFirstTokenFromScratch.Text), ("on the device", r => Format.Bytes(r.DeviceBytes)),
            ("on the host", r => Format.Bytes(r.HostBytes)),
        ],
        Run, methods: "star-kv", defaultScreens: [5]);

    private static IEnumerable<Row> Run(BenchPlan plan, IVisionLanguageModel model) =>
        from count in plan.Screens.Where(n => n > 1)
        from compression in plan.Compressions
        from storage in compression.KeepsEverything ? [KvStorage.Evict] : Enum.GetValues<KvStorage>()
        from sessions in storage == KvStorage.Lossless && ManySessions > 1 ? [1, ManySessions] : new[] { 1 }
        select Time(plan, model, plan.Images(model, count), compression, storage, sessions);

    /// <summary>Sessions in the row of many; 1, set by the environment variable, leaves the row out.</summary>
    private static int ManySessions => int.TryParse(Environment.GetEnvironmentVariable("STARKV_BENCH_SESSIONS"), out var many) ? many : 64;

    private static Row Time(
        BenchPlan plan, IVisionLanguageModel model, IReadOnlyList<ModelImage> images, Compression compression, KvStorage storage,
        int sessions)
    {
        using var outer = NewDisposeScope();
        var encoder = new ScreenEncoder(model.Vision);
        List<ModelImage> earlier = [.. images.SkipLast(1)];
        var history = BenchPlan.Prompt(model, earlier);
        var sequence = history.Then(BenchPrompt.Step(model.Config, images[^1].Grid));
        var open = Enumerable.Range(0, sessions).Select(_ => new KvSession(model, storage, long.MaxValue)).ToList();
        try
        {
            var shown = encoder.Encode(earlier);
            foreach (var session in open)
                session.Commit(session.Read(Step(history), _ => shown, compression, BenchPlan.Reading(model), default), []);
            var times = (Step: new List<double>(), Vision: new List<double>(), Prefill: new List<double>(), Saving: new List<double>(),
                Scratch: new List<double>());
            var (peak, difference, attended, held) = (default(long?), 0.0, 0L, new SessionKv(0, 0, 0, 0, 0, null, null));
            var next = 0;
            plan.Repeat(counts =>
            {
                using var scope = NewDisposeScope();
                using var fork = open[next++ % open.Count].Fork();
                var before = Reset(model);
                var watch = Stopwatch.StartNew();
                var seen = 0.0;
                var reading = fork.Read(Step(sequence), _ => Encode(), compression, BenchPlan.Reading(model), default);
                BenchPlan.FirstToken(model, reading.Result);
                var done = watch.Elapsed.TotalMilliseconds;
                attended = reading.Result.Cache.NBytes;
                peak = before is null ? null : MemoryPool.TryRead(model.Compute.Device)?.PeakUsed - before;
                using var logits = reading.Result.Logits.clone();
                watch.Restart();
                fork.Commit(reading, []);
                var saving = watch.Elapsed.TotalMilliseconds;
                held = fork.Report(null, null);

                watch.Restart();
                using var whole = new PrefillRunner(model.Text)
                    .Run(sequence, encoder.Encode(images), compression, BenchPlan.Reading(model));
                BenchPlan.FirstToken(model, whole);
                var again = watch.Elapsed.TotalMilliseconds;
                difference = Math.Max(difference, KernelCheck.Share(logits, whole.Logits));
                if (!counts)
                    return;
                times.Scratch.Add(again);
                times.Step.Add(done);
                times.Vision.Add(seen);
                times.Prefill.Add(done - seen);
                times.Saving.Add(saving);

                IReadOnlyList<ScreenFeatures> Encode()
                {
                    var start = watch.Elapsed.TotalMilliseconds;
                    var newest = encoder.Encode([images[^1]]);
                    model.Compute.Synchronize();
                    seen = watch.Elapsed.TotalMilliseconds - start;
                    return newest;
                }
            });
            return new Row(
                images.Count, compression.Name, BenchPlan.Keep(compression), sequence.Length, Names.Of(storage), sessions,
                sequence.Length - history.Length, Spread.Of(times.Step), Spread.Of(times.Vision), Spread.Of(times.Prefill),
                Spread.Of(times.Saving), Spread.Of(times.Scratch), held.DeviceBytes, held.HostBytes, attended, peak,
                storage == KvStorage.Lossless || compression.KeepsEverything ? difference : null);
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }
    }

    private static SessionStep Step(TokenMap sequence) =>
        new(sequence, [.. Enumerable.Range(0, sequence.Frames.Count).Select(i => $"noise {i}")], 64, []);

    /// <summary>Starts the record of peaks again; the bytes in use now.</summary>
    private static long? Reset(IVisionLanguageModel model)
    {
        if (!model.Compute.IsCuda || MemoryPool.TryRead(model.Compute.Device) is not { } now)
            return null;
        MemoryPool.Reset(model.Compute.Device);
        return now.Used;
    }
}
