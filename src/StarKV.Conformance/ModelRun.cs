using System.Text.Json;
using StarKV.Decode;
using StarKV.Files;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Conformance;

/// <summary>What the vectors of whole models have in common, whatever their architecture.</summary>
internal static class ModelRun
{
    /// <summary>Why a model's vectors are not compared in bfloat16.</summary>
    public const string NoDeviation = "the vectors do not say how far bfloat16 may be from them";

    /// <summary>The difference between a folder's configuration and the one in the published spelling; null for none.</summary>
    public static string? ConfigDifference(string folder)
    {
        var (one, other) = (ModelConfig.Load(folder), ModelConfig.Parse(
            PlainFile.ReadAllText(Path.Combine(folder, "config_hub_style.json")), "config_hub_style.json"));
        // Records compare lists by reference; as text both forms must say the same. The end tokens are only in one of them.
        var (a, b) = (Text(one), Text(other));
        return a == b ? null : $"{b} where {a} is expected";

        static string Text(ModelConfig config) => JsonSerializer.Serialize<object>(config with { EosTokenIds = [] });
    }

    /// <summary>A case's prompt; one without images has no grids.</summary>
    public static TokenMap Prompt(IVisionLanguageModel model, VectorFile vectors)
    {
        var grids = vectors.Find("in.image_grid_thw")?.Longs() ?? [];
        var merge = model.Pixels.MergeSize;
        var merged = Enumerable.Range(0, grids.Length / 3)
            .Select(i => new MergedGrid((int)grids[3 * i + 1] / merge, (int)grids[3 * i + 2] / merge));
        return TokenMap.OfIds([.. vectors["in.input_ids"].Longs().Select(id => (int)id)], model.Config.ImageTokenId, [.. merged]);
    }

    /// <summary>The most likely tokens after a prompt, and the logits that chose them.</summary>
    public static (long[] Tokens, Tensor Logits) Greedy(IVisionLanguageModel model, PrefillResult prefill, int count)
    {
        var options = new GenerationOptions { MaxNewTokens = count };
        var logits = new List<Tensor>();
        using var sampler = new Sampler(options, 1, prefill.Cache.Prompt.Ids, prefill.Logits.shape[1], model.Compute.Device);
        var answer = new TokenLoop(model.Text)
            .Run(prefill, sampler, options, _ => false, null, onLogits: l => logits.Add(l.clone().DetachFromDisposeScope()));
        var together = cat(logits, 0);
        logits.ForEach(l => l.Dispose());
        return ([.. answer.Tokens.Select(t => (long)t)], together);
    }
}
