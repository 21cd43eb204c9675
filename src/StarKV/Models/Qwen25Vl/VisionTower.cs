using StarKV.Input;
using StarKV.Kernels;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>The vision transformer of Qwen2.5-VL: patches of screenshots in, one embedding per merged 28×28 px cell out.</summary>
/// <remarks>
/// Source: Qwen2.5-VL technical report, arXiv 2502.13923, section 2.1: RMS norms, gated MLPs, 2-D rotary angles, attention inside 112 px windows
/// in most layers and over the whole screenshot in a few. Screenshots of one size are encoded together.
/// Not thread-safe: it belongs on the inference thread.
/// </remarks>
public sealed class VisionTower : IDisposable
{
    /// <summary>The eps of every norm in the tower.</summary>
    private const double Eps = 1e-6;

    /// <summary>The base of the rotary frequencies.</summary>
    internal const double RopeTheta = 10_000;

    /// <summary>
    /// Widths that matrix products read 16 bytes at a time: the published 3,420 is not one, and its products run at a fraction of the speed.
    /// </summary>
    private const int MlpAlignment = 64;

    /// <summary>Layouts kept for reuse; screens of a session have one size, so a few suffice.</summary>
    private const int MaxLayouts = 8;

    private readonly VisionConfig _config;
    private readonly Compute _compute;
    private readonly Tensor _patchEmbedding, _mean, _std;
    private readonly List<Tensor[]> _blocks = [];
    private readonly Tensor[] _merger;
    private readonly VisionAttention _attention = new();
    private readonly Dictionary<PatchGrid, VisionLayout> _layouts = [];

    internal VisionTower(VisionConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights)
    {
        _config = config;
        _compute = compute;
        using var scope = NewDisposeScope();
        weights = new ScopedWeights(weights, scope);
        var (d, mlp) = (config.HiddenSize, config.IntermediateSize);
        using (var kernel = weights.Take([d, config.InChannels, config.TemporalPatchSize, config.PatchSize, config.PatchSize], "model.visual.patch_embed.proj.weight"))
            _patchEmbedding = kernel.view(d, -1);
        _mean = tensor(pixels.ImageMean.Select(v => (float)v).ToArray(), device: compute.Device);
        _std = tensor(pixels.ImageStd.Select(v => (float)v).ToArray(), device: compute.Device);
        for (var i = 0; i < config.Depth; i++)
        {
            var block = $"model.visual.blocks.{i}.";
            _blocks.Add(
            [
                weights.Take([d], block + "norm1.weight"),
                weights.Take([3 * d, d], block + "attn.qkv.weight"), weights.Take([3 * d], block + "attn.qkv.bias"),
                weights.Take([d, d], block + "attn.proj.weight"), weights.Take([d], block + "attn.proj.bias"),
                weights.Take([d], block + "norm2.weight"),
                Stacked(Widened(weights.Take([mlp, d], block + "mlp.gate_proj.weight"), 0), Widened(weights.Take([mlp, d], block + "mlp.up_proj.weight"), 0)),
                Stacked(Widened(weights.Take([mlp], block + "mlp.gate_proj.bias"), 0), Widened(weights.Take([mlp], block + "mlp.up_proj.bias"), 0)),
                Widened(weights.Take([d, mlp], block + "mlp.down_proj.weight"), 1), weights.Take([d], block + "mlp.down_proj.bias"),
            ]);
        }

        var merged = (long)d * config.SpatialMergeSize * config.SpatialMergeSize;
        _merger =
        [
            weights.Take([d], "model.visual.merger.ln_q.weight"),
            weights.Take([merged, merged], "model.visual.merger.mlp.0.weight"), weights.Take([merged], "model.visual.merger.mlp.0.bias"),
            weights.Take([config.OutHiddenSize, merged], "model.visual.merger.mlp.2.weight"), weights.Take([config.OutHiddenSize], "model.visual.merger.mlp.2.bias"),
        ];
        foreach (var weight in Weights)
            weight.DetachFromDisposeScope();
    }

    /// <summary>Cuts screenshots of one size into normalised patches, on the device.</summary>
    /// <returns>Shape [B, N, 1176]; four consecutive rows are one merged cell, cells row by row; the caller owns it.</returns>
    public Tensor Patchify(IReadOnlyList<ModelImage> images)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images[0].Height, images[0].Width);
        var pixels = HostTensor.Empty([images.Count, height, width, 3], ScalarType.Byte, _compute.Device);
        Parallel.For(0, images.Count, i => images[i].Rgb.CopyTo(pixels.bytes[(i * images[i].Rgb.Length)..]));
        return TorchOps.Call("patchify", pixels.to(_compute.Device, non_blocking: true), _mean, _std, _config.PatchSize, _config.SpatialMergeSize, _config.TemporalPatchSize)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Encodes screenshots of one size.</summary>
    /// <param name="patches">Normalised patches [B, N, 1176], four consecutive rows a merged cell.</param>
    /// <param name="grid">The patch grid that all of them have.</param>
    /// <param name="trace">Called with the name and value of each stage, in window order, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every layer.</param>
    /// <returns>Embeddings [B, N / 4, hidden], cells row by row; the caller owns it.</returns>
    public Tensor Encode(Tensor patches, PatchGrid grid, Action<string, Tensor>? trace = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var layout = Layout(grid);
        var (batch, rows, cell) = (patches.shape[0], patches.shape[1], _config.SpatialMergeSize * _config.SpatialMergeSize);
        _attention.Count(rows, batch);
        var x = nn.functional.linear(patches.to(_compute.DType), _patchEmbedding);
        trace?.Invoke("patch_embed", x);
        x = x.view(batch, rows / cell, cell, -1).index_select(1, layout.Order).view(batch, rows, -1);
        // Each norm is made where its input is: behind the sum that the block before, or the attention, adds.
        var normed = TorchOps.RmsNorm(x, _blocks[0][0], Eps);
        for (var i = 0; i < _blocks.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var b = _blocks[i];
            var runs = _config.FullAttentionBlocks.Contains(i) ? layout.Whole : layout.Windows;
            var heads = TorchOps.Linear(normed, b[1], b[2]).view(batch, rows, 3, _config.Heads, -1);
            FusedOps.Rotate(heads.narrow(2, 0, 2).flatten(2, 3).flatten(0, 1), layout.Cos, layout.Sin);
            var gateUp = TorchOps.Linear(FusedOps.AddNorm(x, TorchOps.Linear(_attention.Attend(heads, runs), b[3], b[4]), b[5], Eps), b[6], b[7]);
            var next = FusedOps.AddNorm(x, TorchOps.Linear(FusedOps.Gate(gateUp), b[8], b[9]), i + 1 < _blocks.Count ? _blocks[i + 1][0] : _merger[0], Eps);
            normed.Dispose();
            normed = next.MoveToOuterDisposeScope();
            trace?.Invoke($"block{i}_window_order", x);
        }

        cancellation.ThrowIfCancellationRequested();
        var merged = TorchOps.Call("vision_merge", normed, _merger[1], _merger[2], _merger[3], _merger[4]);
        trace?.Invoke("merger_window_order", merged);
        return merged.index_select(1, layout.Inverse).MoveToOuterDisposeScope();
    }

    /// <summary>Tensors of the layouts that are kept for screenshots to come.</summary>
    internal int LayoutTensors => _layouts.Values.Sum(l => l.Tensors);

    /// <summary>Widens an MLP's inner dimension with zeros, which add nothing, to a multiple of <see cref="MlpAlignment"/>; takes the weight.</summary>
    private static Tensor Widened(Tensor weight, int dimension)
    {
        var width = weight.shape[dimension];
        var wanted = Aligned(width);
        if (wanted == width)
            return weight;
        using var scope = NewDisposeScope();
        var shape = weight.shape;
        shape[dimension] = wanted;
        var wide = zeros(shape, weight.dtype, weight.device);
        wide.narrow(dimension, 0, width).copy_(weight);
        weight.Dispose();
        return wide.MoveToOuterDisposeScope();
    }

    private static long Aligned(long width) => (width + MlpAlignment - 1) / MlpAlignment * MlpAlignment;

    /// <summary>The MLP's inner dimension as the tower holds it.</summary>
    internal static long MlpWidth(VisionConfig config) => Aligned(config.IntermediateSize);

    /// <summary>Puts two weights on top of one another; takes both.</summary>
    private static Tensor Stacked(Tensor upper, Tensor lower)
    {
        using (upper)
        using (lower)
            return cat([upper, lower], 0);
    }

    /// <summary>The window order of <paramref name="grid"/>, for conformance checks.</summary>
    internal WindowPlan Plan(PatchGrid grid) =>
        WindowPlan.Create(grid.Rows, grid.Columns, _config.WindowSize / _config.PatchSize / _config.SpatialMergeSize);

    private IEnumerable<Tensor> Weights => _blocks.SelectMany(b => b).Concat(_merger).Append(_patchEmbedding).Append(_mean).Append(_std);

    private VisionLayout Layout(PatchGrid grid)
    {
        if (_layouts.TryGetValue(grid, out var known))
            return known;
        if (_layouts.Count == MaxLayouts)
        {
            foreach (var old in _layouts.Values)
                old.Dispose();
            _layouts.Clear();
        }

        return _layouts[grid] = new VisionLayout(Plan(grid), grid, _config, RopeTheta, _compute.Device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in Weights)
            weight.Dispose();
        foreach (var layout in _layouts.Values)
            layout.Dispose();
    }
}
