using StarKV.Input;
using StarKV.Models;

namespace StarKV.Prefill;

/// <summary>
/// Memory of a model and of reading a prompt, in bytes, by arithmetic: the sizes of the tensors that are alive at the fullest moment.
/// </summary>
/// <remarks>
/// What a method needs to score one layer is not in it; it is small compared with the MLP's temporaries, which are gone or not yet there at
/// that moment. Of a method that holds all layers until the last, because their budget is measured or a draft is written, the finished
/// cache is not all: for <c>cacheBytes</c> give what is held then, <see cref="Compact.DraftReport.HeldBytes"/> with a draft.
/// </remarks>
public static class PrefillMemory
{
    /// <summary>What matrix products keep for themselves on a card.</summary>
    private const long ProductWorkspace = 32 << 20;

    /// <summary>All weights, as the engine holds them.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="numberBytes">Bytes of a number: 2 for bfloat16.</param>
    public static long Weights(ModelConfig config, int numberBytes)
    {
        var t = config.Text;
        long d = t.HiddenSize, q = (long)t.Heads * t.HeadDim, qkv = q + 2L * t.KvHeads * t.HeadDim;
        var (biases, norms) = (t.QkvBias ? qkv : 0, t.HeadNorms ? 2L * t.HeadDim : 0);
        var layer = 2 * d + qkv * d + biases + norms + q * d + 3 * d * t.IntermediateSize;
        var text = (t.TieWordEmbeddings ? 1 : 2) * d * t.VocabSize + d + t.Layers * layer;
        return numberBytes * (text + config.VisionNumbers);
    }

    /// <summary>The most that encoding the screenshots and reading the prompt take besides the weights.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="screens">Patch grids of the screenshots.</param>
    /// <param name="tokens">Tokens of the prompt.</param>
    /// <param name="cacheBytes">Bytes of the finished cache's buffers.</param>
    /// <param name="numberBytes">Bytes of a number.</param>
    /// <param name="options">Sizes of the reading; default as <see cref="PrefillOptions"/> has them.</param>
    public static long Peak(
        ModelConfig config, IReadOnlyList<PatchGrid> screens, int tokens, long cacheBytes, int numberBytes,
        PrefillOptions? options = null) =>
        ProductWorkspace + Math.Max(
            Encoding(config, screens, numberBytes),
            Reading(config, screens, tokens, cacheBytes, numberBytes, options ?? new PrefillOptions()));

    private static long Encoding(ModelConfig config, IReadOnlyList<PatchGrid> screens, int numberBytes) =>
        screens.GroupBy(s => s)
            .Select(size => config.EncodingBytes(size.Key, Math.Min(size.Count(), ScreenEncoder.AtOnce(size.Key)), numberBytes))
            .DefaultIfEmpty().Max() + Features(config, screens, numberBytes) / 2;

    private static long Reading(
        ModelConfig config, IReadOnlyList<PatchGrid> screens, int tokens, long cacheBytes, int numberBytes, PrefillOptions options)
    {
        var t = config.Text;
        var heads = (t.Heads + 2L * t.KvHeads) * t.HeadDim;
        var runs = (tokens + (long)options.ChunkTokens - 1) / options.ChunkTokens;
        var run = (tokens + runs - 1) / runs;
        // Residual stream, the attention's input and output, cosines and sines, all heads; an MLP's gate, up and product.
        var always = tokens * (2L * t.HiddenSize + 2 * t.HeadDim + heads + (long)t.Heads * t.HeadDim);
        return cacheBytes + Features(config, screens, numberBytes) + numberBytes * (always + 3L * t.IntermediateSize * run);
    }

    private static long Features(ModelConfig config, IReadOnlyList<PatchGrid> screens, int numberBytes) =>
        screens.Sum(s => config.FeatureBytes(s, numberBytes));
}
