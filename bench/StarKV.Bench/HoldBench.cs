using System.CommandLine;
using System.Runtime.InteropServices;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench hold</c>: how many sessions' caches a card holds beside the model, by arithmetic and by holding them until the memory is
/// full.
/// </summary>
internal static class HoldBench
{
    private const int AtOnce = 32, DecodedTogether = 64;

    /// <summary>
    /// Bytes of one session's buffers, with the room for an answer; bytes that the loaded model and another reading leave for them;
    /// sessions that fit by arithmetic, and that were held; bytes of the card in use with all of them.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, long SessionBytes, long RoomBytes, long SessionsByArithmetic,
        long SessionsHeld, long UsedBytes)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal) =>
        BenchScenario.Create<Row>(terminal, "hold", "Count the sessions that a card holds, by arithmetic and by holding them.",
        [("a session", r => Format.Bytes(r.SessionBytes)), ("fit", r => $"{r.SessionsByArithmetic}"), ("held", r => $"{r.SessionsHeld}"),
            ("in use", r => Format.Bytes(r.UsedBytes))],
        Run, "full,star-kv", [5]);

    private static List<Row> Run(BenchPlan plan, IVisionLanguageModel model)
    {
        if (MemoryReading.Now(model.Compute).DeviceFreeBytes is not { } free)
            throw new StarKvException("hold fills the memory of a CUDA card; --device names none.");
        return [.. from count in plan.Screens from compression in plan.Compressions select Fill(plan, model, count, compression, free)];
    }

    private static Row Fill(BenchPlan plan, IVisionLanguageModel model, int count, Compression compression, long free)
    {
        using var scope = NewDisposeScope();
        var images = plan.Images(model, count);
        var prompt = BenchPlan.Prompt(model, images);
        var screens = new ScreenEncoder(model.Vision).Encode(images);
        var held = new List<PrefillResult>();
        try
        {
            held.Add(new PrefillRunner(model.Text).Run(prompt, screens, compression, BenchPlan.Reading(model)));
            var session = held[0].Cache.AllocatedBytes;
            // Another reading must fit next to all caches.
            var room = free - PrefillMemory.Peak(
                model.Config, [.. images.Select(i => i.Grid)], prompt.Length, 0, model.Compute.ElementSize);
            for (var more = AtOnce; more > 0;)
            {
                try
                {
                    held.AddRange(new PrefillRunner(model.Text)
                        .Run(prompt, screens, [.. Enumerable.Repeat(compression, more)], BenchPlan.Reading(model)));
                }
                catch (ExternalException)
                {
                    more /= 2;
                }
            }

            var used = MemoryReading.Now(model.Compute).DeviceUsedBytes!.Value;
            Answer(model, [.. held.Take(DecodedTogether)]);
            return new Row(
                count, compression.Name, BenchPlan.Keep(compression), prompt.Length, session, room, room / session, held.Count, used);
        }
        finally
        {
            held.ForEach(h => h.Dispose());
        }
    }

    /// <summary>What is held can go on: a token of some of the sessions together.</summary>
    private static void Answer(IVisionLanguageModel model, List<PrefillResult> some)
    {
        using var scope = NewDisposeScope();
        var hidden = model.Text.Embed(cat([.. some.Select(r => r.Logits.argmax(1))]));
        model.Text.StepTogether(hidden, model.Text.Rotary.TextAngles(some[0].NextPosition, 1).Row(0), [.. some.Select(r => r.Cache)]);
        model.Compute.Synchronize();
    }
}
