using System.CommandLine;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime.Cuda;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench memory</c>: the most memory that reading a prompt and answering take, by arithmetic and by the driver's reading.
/// </summary>
internal static class MemoryBench
{
    private const int Tokens = 16;

    /// <summary>
    /// Bytes. The arithmetic is <see cref="PrefillMemory"/>'s; what the driver read, in use and reserved, is null on the CPU.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, long AccountedWeights, long AccountedPeak, long? PeakUsedBytes,
        long? PeakReservedBytes, double? AccountedShare, long KvBytesHeld)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal) =>
        BenchScenario.Create<Row>(terminal, "memory", "Compare the peak memory by arithmetic with the driver's reading.",
        [
            ("by arithmetic", r => Format.Bytes(r.AccountedPeak)), ("by the driver", r => r.PeakUsedBytes is { } b ? Format.Bytes(b) : "–"),
            ("reserved", r => r.PeakReservedBytes is { } b ? Format.Bytes(b) : "–"), ("KV held", r => Format.Bytes(r.KvBytesHeld)),
        ], Run);

    private static IEnumerable<Row> Run(BenchPlan plan, IVisionLanguageModel model) =>
        from count in plan.Screens
        from compression in plan.Compressions
        select Measure(plan, model, count, compression);

    private static Row Measure(BenchPlan plan, IVisionLanguageModel model, int count, Compression compression)
    {
        var images = plan.Images(model, count);
        var prompt = BenchPlan.Prompt(model, images);
        var (held, allocated, number) = (0L, 0L, 0);
        (long Used, long Peak, long Reserved)? read = null;
        plan.Repeat(_ =>
        {
            using var scope = NewDisposeScope();
            model.Compute.Synchronize();
            if (model.Compute.IsCuda)
                MemoryPool.Reset(model.Compute.Device);
            var screens = new ScreenEncoder(model.Vision).Encode(images);
            using var result = new PrefillRunner(model.Text).Run(prompt, screens, compression, BenchPlan.Reading(model));
            (held, number) = (result.Cache.NBytes, model.Compute.ElementSize);
            allocated = Math.Max(result.Cache.AllocatedBytes, result.Draft?.HeldBytes ?? 0);
            using var sampler = new Sampler(new GenerationOptions(), 1, prompt.Ids, result.Logits.shape[1], model.Compute.Device);
            new TokenLoop(model.Text).Run(result, sampler, new GenerationOptions { MaxNewTokens = Tokens }, _ => false, null);
            model.Compute.Synchronize();
            if (model.Compute.IsCuda)
                read = MemoryPool.Read(model.Compute.Device);
        });
        var weights = PrefillMemory.Weights(model.Config, number);
        var peak = weights + PrefillMemory.Peak(model.Config, [.. images.Select(i => i.Grid)], prompt.Length, allocated, number);
        return new Row(
            count, compression.Name, BenchPlan.Keep(compression), prompt.Length, weights, peak, read?.Peak, read?.Reserved,
            read is { } r ? Math.Round((double)peak / r.Peak, 4) : null, held);
    }
}
