using System.CommandLine;
using System.Diagnostics;
using StarKV.Budget;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Runtime.Cuda;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary><c>starkv-bench sessions</c>: several sessions that decode together, each with a compressed cache of another length.</summary>
internal static class SessionsBench
{
    private const int Tokens = 16, MostCompared = 16;
    private static readonly int[] s_sessions = [1, 4, 16, 64];

    /// <summary>Tokens a second of all sessions, bytes of all caches before the answers, memory in use afterwards, and the most that was in
    /// use while they decoded, where libtorch uses the driver's <see cref="MemoryPool"/>.
    /// Of a few sessions also what <see cref="KernelCheck"/> finds. Null elsewhere.</summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, int Sessions, Spread TokensPerSecond, long KvBytesHeld, long UsedBytes,
        long? PeakUsedBytes, double? LogitsDifference)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal) =>
        BenchScenario.Create<Row>(terminal, "sessions", $"Time {string.Join(", ", s_sessions)} sessions that decode together.",
        [("sessions", r => $"{r.Sessions}"), ("tokens a second", r => r.TokensPerSecond.Text),
            ("KV held", r => Format.Bytes(r.KvBytesHeld))], Run, "full,star-kv", [5], "40%,20%,10%");

    private static IEnumerable<Row> Run(BenchPlan plan, IVisionLanguageModel model) =>
        from count in plan.Screens
        from compression in plan.Compressions
        from sessions in s_sessions
        select Time(plan, model, count, compression, sessions);

    private static Row Time(BenchPlan plan, IVisionLanguageModel model, int count, Compression compression, int sessions)
    {
        using var scope = NewDisposeScope();
        var images = plan.Images(model, count);
        var prompt = BenchPlan.Prompt(model, images);
        var screens = new ScreenEncoder(model.Vision).Encode(images);
        // One reading serves all of them: what they hold differs by their budgets, a tenth up and down.
        List<Compression> budgets = [.. Enumerable.Range(0, sessions).Select(
            i => compression.KeepsEverything
                ? compression
                : compression with { Budget = Near(compression.Budget, prompt.Length, i, sessions) })];
        var difference = sessions is > 1 and <= MostCompared ? KernelCheck.Difference(model, prompt, screens, budgets) : null;
        var reads = new PrefillRunner(model.Text).Run(prompt, screens, budgets, BenchPlan.Reading(model));
        try
        {
            var held = reads.Sum(r => r.Cache.NBytes);
            var speed = new List<double>();
            var next = reads[0].NextPosition;
            if (model.Compute.IsCuda)
                MemoryPool.Reset(model.Compute.Device);
            plan.Repeat(counts =>
            {
                using var run = NewDisposeScope();
                var angles = model.Text.Rotary.TextAngles(next, Tokens);
                next += Tokens;
                var tokens = cat(reads.Select(r => r.Logits.argmax(1)).ToArray());
                model.Compute.Synchronize();
                var watch = Stopwatch.StartNew();
                for (var token = 0; token < Tokens; token++)
                {
                    using var step = NewDisposeScope();
                    var hidden = model.Text.Embed(tokens);
                    model.Text.StepTogether(hidden, angles.Row(token), [.. reads.Select(r => r.Cache)]);
                    // The host reads every token, as a program that stops at the end of a turn must.
                    var chosen = model.Text.Logits(hidden).argmax(1).to(CPU);
                    tokens = chosen.to(model.Compute.Device).MoveToOuterDisposeScope();
                }

                if (counts)
                    speed.Add(sessions * Tokens / watch.Elapsed.TotalSeconds);
            });
            var memory = MemoryReading.Now(model.Compute);
            var peak = model.Compute.IsCuda ? MemoryPool.TryRead(model.Compute.Device)?.PeakUsed : null;
            return new Row(
                count, compression.Name, BenchPlan.Keep(compression), prompt.Length, sessions, Spread.Of(speed), held,
                memory.DeviceUsedBytes
                    ?? memory.ProcessBytes, peak, difference);
        }
        finally
        {
            foreach (var read in reads)
                read.Dispose();
        }
    }

    private static KvBudget Near(KvBudget budget, int promptTokens, int session, int sessions) =>
        sessions == 1
            ? budget
            : KvBudget.Tokens(
                Math.Clamp(
                    (int)(budget.Capacity(promptTokens) * (0.9 + 0.2 * session / (sessions - 1))), KvBudget.MinTokens, promptTokens));
}
