using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary><c>starkv-bench decode</c>: one answer's tokens after the first, each chosen on the host.</summary>
internal static class DecodeBench
{
    private const int Tokens = 32;

    /// <summary>
    /// Milliseconds a token, the mean over an answer; bytes of the cache before the answer. Where custom kernels do the work, they must
    /// give the
    /// logits of the plain operations: the largest difference over a few tokens, as a share of the largest logit; null elsewhere.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, Spread DecodePerToken, long KvBytesHeld, double? LogitsDifference)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal) =>
        BenchScenario.Create<Row>(terminal, "decode", $"Time a token of an answer of {Tokens} tokens.",
        [("ms a token", r => r.DecodePerToken.Text), ("KV held", r => Format.Bytes(r.KvBytesHeld))], Run, "full,star-kv");

    private static IEnumerable<Row> Run(BenchPlan plan, IVisionLanguageModel model) => plan.Screens.SelectMany(count =>
    {
        using var scope = NewDisposeScope();
        var images = plan.Images(model, count);
        var prompt = BenchPlan.Prompt(model, images);
        var screens = new ScreenEncoder(model.Vision).Encode(images);
        return plan.Compressions.Select(Time).ToList();

        Row Time(Compression compression)
        {
            var (decode, held) = (new List<double>(), 0L);
            plan.Repeat(counts =>
            {
                using var read = new PrefillRunner(model.Text).Run(prompt, screens, compression, BenchPlan.Reading(model));
                using var sampler = new Sampler(new GenerationOptions(), 1, prompt.Ids, read.Logits.shape[1], model.Compute.Device);
                sampler.Next(read.Logits);
                held = read.Cache.NBytes;
                var watch = Stopwatch.StartNew();
                new TokenLoop(model.Text).Run(read, sampler, new GenerationOptions { MaxNewTokens = Tokens }, _ => false, null);
                model.Compute.Synchronize();
                if (counts)
                    decode.Add(watch.Elapsed.TotalMilliseconds / (Tokens - 1));
            });
            return new Row(
                count, compression.Name, BenchPlan.Keep(compression), prompt.Length, Spread.Of(decode), held,
                KernelCheck.Difference(model, prompt, screens, [compression]));
        }
    });
}
