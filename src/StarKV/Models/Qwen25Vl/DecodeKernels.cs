using StarKV.Cache;
using StarKV.Models.Layers;
using StarKV.Runtime.Cuda;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>One token through decoder layers by kernels of our own: six launches a layer, each of which reads its weights once. The plain operations launch about twenty.</summary>
/// <remarks>The scratch lives as long as one token; everything is queued on torch's stream, whose allocator may hand it out again behind the last launch.</remarks>
internal sealed class DecodeKernels
{
    internal const int AttendThreads = 128;
    private const int CombineRows = 4, Threads = 256, Warps = Threads / 32, MaxQueries = 8, RowsAPart = 64, NumberBytes = 2;

    // As many blocks as run at a time on a card of 132 multiprocessors, two on each.
    private const int ResidentBlocks = 264;
    private readonly CudaKernels _kernels;
    private readonly TextConfig _config;
    private readonly Tensor _qkv, _attended, _mlp;

    private DecodeKernels(CudaKernels kernels, TextConfig config, Device device)
    {
        (_kernels, _config) = (kernels, config);
        (_qkv, _attended, _mlp) = (Scratch((config.Heads + 2 * config.KvHeads) * config.HeadDim), Scratch(config.Heads * config.HeadDim), Scratch(config.IntermediateSize));

        Tensor Scratch(long numbers) => empty([numbers], ScalarType.BFloat16, device);
    }

    /// <summary>The kernels for one token; null where they cannot run: not bfloat16 on a card, or sizes that they do not take.</summary>
    /// <param name="config">The decoder's shape.</param>
    /// <param name="hidden">The token's residual stream, [1, D].</param>
    public static DecodeKernels? For(TextConfig config, Tensor hidden) =>
        Attends(config) && config.HiddenSize % 8 == 0 && config.IntermediateSize % 8 == 0
        && CudaKernels.For(hidden) is { } kernels && config.IntermediateSize * NumberBytes <= kernels.MaxSharedBytes
            ? new DecodeKernels(kernels, config, hidden.device)
            : null;

    /// <summary>Whether the kernels of the attention take a decoder's heads.</summary>
    public static bool Attends(TextConfig config) => config.HeadDim is 64 or 128 && config.Heads / config.KvHeads <= MaxQueries;

    /// <summary>Into how many parts, each a block, the rows of a stored head are cut: enough to fill a card, none too small.</summary>
    /// <param name="rows">Rows of the longest cache.</param>
    /// <param name="heads">Stored heads of all caches together.</param>
    public static int Parts(int rows, int heads) => Math.Max(1, Math.Min(Grid.Blocks(rows, RowsAPart), Grid.Blocks(ResidentBlocks, heads)));

    /// <summary>Makes the attention of some tokens of the sums of its parts.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="sums">What the kernels of the attention left, [tokens, S, parts, H / S, d + 2].</param>
    /// <param name="attended">Takes the attention, [tokens, H, d].</param>
    /// <param name="heads">Query heads H and tokens.</param>
    /// <param name="dim">Head dimension d.</param>
    /// <param name="parts">Parts of a stored head.</param>
    /// <param name="perStored">Query heads a stored head, H / S.</param>
    public static void Combine(CudaKernels kernels, Tensor sums, Tensor attended, Grid heads, int dim, int parts, int perStored) =>
        kernels.LaunchEarly("attend_combine", heads, new Grid(dim, CombineRows), (parts + CombineRows * dim) * sizeof(float), sums, attended, parts, perStored);

    /// <summary>Logits of a token behind the last layer, [1, vocabulary], in the model's type; null where the kernels cannot run.</summary>
    /// <param name="config">The decoder's shape.</param>
    /// <param name="hidden">The token's residual stream, [1, D].</param>
    /// <param name="norm">The last norm's weight, [D].</param>
    /// <param name="head">The output embedding, [vocabulary, D].</param>
    public static Tensor? Logits(TextConfig config, Tensor hidden, Tensor norm, Tensor head)
    {
        if (config.HiddenSize % 8 != 0 || config.VocabSize % 2 != 0 || CudaKernels.For(hidden) is not { } kernels)
            return null;
        var logits = empty([1, head.shape[0]], hidden.dtype, hidden.device);
        Linear(kernels, hidden, norm, config.RmsNormEps, head, null, null, logits);
        return logits;
    }

    /// <summary>One layer, written over <paramref name="hidden"/>; the cache grows by the token's row.</summary>
    /// <param name="hidden">The residual stream, [1, D].</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="angles">Cosines and sines of the token's position.</param>
    /// <param name="cache">The layer's keys and values.</param>
    /// <param name="queries">Takes the rotated queries in, [H, W, d]; empty for none.</param>
    public void Layer(Tensor hidden, DecoderLayer weights, RotaryAngles angles, KvLayer cache, Tensor queries)
    {
        var (keys, values, row) = cache.ReserveRow();
        var (stored, dim) = ((int)keys.shape[0], _config.HeadDim);
        var perStored = _config.Heads / stored;
        var parts = Parts(row + 1, stored);
        using var sums = empty([(long)stored * parts * perStored * (dim + 2)], ScalarType.Float32, hidden.device);
        var window = queries.NumberOfElements > 0 ? (int)queries.shape[1] : 0;

        Linear(_kernels, hidden, weights.InputNorm, _config.RmsNormEps, weights.Qkv.Weight, weights.Qkv.Bias, null, _qkv);
        _kernels.LaunchEarly($"attend_one_{dim}", new Grid(parts, stored), AttendThreads, 0,
            _qkv, angles.Cos, angles.Sin, keys, values, keys.stride(0), row, _config.Heads, _config.KvHeads, window > 0 ? queries : null, window, sums);
        Combine(_kernels, sums, _attended, _config.Heads, dim, parts, perStored);
        Linear(_kernels, _attended, null, 0, weights.Out.Weight, null, hidden, hidden);
        _kernels.LaunchEarly("decode_gate_up", Products(_config.IntermediateSize), Threads, _config.HiddenSize * NumberBytes,
            hidden, weights.PostNorm, (float)_config.RmsNormEps, weights.GateUp.Weight, _mlp, _config.IntermediateSize, _config.HiddenSize);
        Linear(_kernels, _mlp, null, 0, weights.Down.Weight, null, hidden, hidden);
    }

    private static void Linear(CudaKernels kernels, Tensor x, Tensor? norm, double eps, Tensor weight, Tensor? bias, Tensor? add, Tensor output)
    {
        var (rows, dim) = ((int)weight.shape[0], (int)weight.shape[1]);
        kernels.LaunchEarly("decode_linear", Products(rows / 2), Threads, dim * NumberBytes, x, norm, (float)eps, weight, bias, add, output, rows, dim);
    }

    private static Grid Products(int pairs) => new(Math.Min(Grid.Blocks(pairs, Warps), ResidentBlocks));
}
