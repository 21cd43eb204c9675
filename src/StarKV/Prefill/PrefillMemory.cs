using StarKV.Input;
using StarKV.Models.Qwen25Vl;

namespace StarKV.Prefill;

/// <summary>Memory of a model and of reading a prompt, in bytes, by arithmetic: the sizes of the tensors that are alive at the fullest moment.</summary>
/// <remarks>What a method needs to score one layer is not in it; it is small beside the MLP's temporaries, which are gone or not yet there at that moment.</remarks>
public static class PrefillMemory
{
    /// <summary>What matrix products keep for themselves on a card.</summary>
    private const long ProductWorkspace = 32 << 20;

    private const int FloatBytes = 4;

    /// <summary>All weights, as the engine holds them.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="numberBytes">Bytes of a number: 2 for bfloat16.</param>
    public static long Weights(Qwen25VlConfig config, int numberBytes)
    {
        var (t, v) = (config.Text, config.Vision);
        long d = t.HiddenSize, q = t.Heads * t.HeadDim, qkv = q + 2L * t.KvHeads * t.HeadDim;
        var layer = 2 * d + qkv * (d + 1) + q * d + 3 * d * t.IntermediateSize;
        var text = (t.TieWordEmbeddings ? 1 : 2) * d * t.VocabSize + d + t.Layers * layer;
        long w = v.HiddenSize, mlp = VisionTower.MlpWidth(v), merged = w * v.SpatialMergeSize * v.SpatialMergeSize;
        var block = 2 * w + 3 * w * (w + 1) + w * (w + 1) + 2 * mlp * (w + 1) + w * (mlp + 1);
        var vision = w * PatchNumbers(v) + v.Depth * block + w + merged * (merged + 1) + v.OutHiddenSize * (merged + 1);
        return numberBytes * (text + vision);
    }

    /// <summary>The most that encoding the screenshots and reading the prompt take beside the weights.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="screens">Patch grids of the screenshots.</param>
    /// <param name="tokens">Tokens of the prompt.</param>
    /// <param name="cacheBytes">Bytes of the finished cache's buffers.</param>
    /// <param name="numberBytes">Bytes of a number.</param>
    /// <param name="options">Sizes of the reading; default as <see cref="PrefillOptions"/> has them.</param>
    public static long Peak(Qwen25VlConfig config, IReadOnlyList<PatchGrid> screens, int tokens, long cacheBytes, int numberBytes, PrefillOptions? options = null) =>
        ProductWorkspace + Math.Max(Encoding(config, screens, numberBytes), Reading(config, screens, tokens, cacheBytes, numberBytes, options ?? new PrefillOptions()));

    private static long Encoding(Qwen25VlConfig config, IReadOnlyList<PatchGrid> screens, int numberBytes)
    {
        var v = config.Vision;
        // Residual stream and its norm, heads, attention and its output, the MLP's gate, up and product, its norm and output; the patches in float32 and as the model takes them.
        var patch = numberBytes * (9L * v.HiddenSize + 3L * VisionTower.MlpWidth(v)) + PatchNumbers(v) * (FloatBytes + numberBytes);
        return screens.GroupBy(s => s).Select(size => size.Key.Patches * patch * Math.Min(size.Count(), ScreenEncoder.AtOnce(size.Key))).DefaultIfEmpty().Max()
            + Embeddings(config, screens, numberBytes) / 2;
    }

    private static long Reading(Qwen25VlConfig config, IReadOnlyList<PatchGrid> screens, int tokens, long cacheBytes, int numberBytes, PrefillOptions options)
    {
        var t = config.Text;
        var heads = (t.Heads + 2L * t.KvHeads) * t.HeadDim;
        var run = (tokens + (long)options.ChunkTokens - 1) / options.ChunkTokens is var runs ? (tokens + runs - 1) / runs : 0;
        // Residual stream, the attention's input and output, cosines and sines, all heads; an MLP's gate, up and product.
        var always = tokens * (2L * t.HiddenSize + 2 * t.HeadDim + heads + (long)t.Heads * t.HeadDim);
        return cacheBytes + Embeddings(config, screens, numberBytes) + numberBytes * (always + 3L * t.IntermediateSize * run);
    }

    private static long Embeddings(Qwen25VlConfig config, IReadOnlyList<PatchGrid> screens, int numberBytes) =>
        screens.Sum(s => (long)s.Patches) / (config.Vision.SpatialMergeSize * config.Vision.SpatialMergeSize) * config.Vision.OutHiddenSize * numberBytes;

    private static long PatchNumbers(VisionConfig v) => (long)v.InChannels * v.TemporalPatchSize * v.PatchSize * v.PatchSize;
}
