using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Kernels;
using StarKV.Models.Layers;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>The vision transformer of Qwen2.5-VL: patches of screenshots in, one embedding per merged 28×28 px cell out.</summary>
/// <remarks>
/// Source: Qwen2.5-VL technical report, arXiv 2502.13923, section 2.1: RMS norms, gated MLPs, 2-D rotary angles, attention inside 112 px
/// windows
/// in most layers and over the whole screenshot in a few. Screenshots of one size are encoded together.
/// Not thread-safe: it belongs on the inference thread.
/// </remarks>
[Experimental("STARKV001")]
public sealed class VisionTower : IVisionEncoder
{
    /// <summary>The eps of every norm in the tower.</summary>
    private const double Eps = 1e-6;

    /// <summary>The base of the rotary frequencies.</summary>
    public const double RopeTheta = 10_000;

    private readonly VisionConfig _config;
    private readonly Compute _compute;
    private readonly Tensor _patchEmbedding;
    private readonly PatchCutter _cutter;
    private readonly List<VisionBlock> _blocks = [];
    private readonly VisionMerger _merger;
    private readonly VisionAttention _attention = new();
    private readonly GridLayouts<VisionLayout> _layouts;

    internal VisionTower(VisionConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights)
    {
        _config = config;
        _compute = compute;
        using var scope = NewDisposeScope();
        weights = new ScopedWeights(weights, scope);
        long[] kernelShape = [config.HiddenSize, config.InChannels, config.TemporalPatchSize, config.PatchSize, config.PatchSize];
        using (var kernel = weights.Take(kernelShape, "model.visual.patch_embed.proj.weight"))
            _patchEmbedding = kernel.view(config.HiddenSize, -1);
        for (var i = 0; i < config.Depth; i++)
            _blocks.Add(VisionBlock.Take(config, weights, $"model.visual.blocks.{i}."));
        _merger = VisionMerger.Take(config, weights);
        _cutter = new PatchCutter(pixels, compute.Device);
        _layouts = new GridLayouts<VisionLayout>(grid => new VisionLayout(Plan(grid), grid, config, RopeTheta, compute.Device));
        foreach (var weight in Weights)
            weight.DetachFromDisposeScope();
    }

    /// <summary>Cuts screenshots of one size into normalised patches, on the device.</summary>
    /// <returns>Shape [B, N, 1176]; four consecutive rows are one merged cell, cells row by row; the caller owns it.</returns>
    public Tensor Patchify(IReadOnlyList<ModelImage> images) => _cutter.Cut(images);

    /// <inheritdoc/>
    public IReadOnlyList<ScreenFeatures> Encode(IReadOnlyList<ModelImage> images, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var embeddings = Encode(Patchify(images), images[0].Grid, cancellation: cancellation);
        return [.. Enumerable.Range(0, images.Count).Select(i => new ScreenFeatures(embeddings[i].MoveToOuterDisposeScope()))];
    }

    /// <summary>Encodes patches of screenshots of one size.</summary>
    /// <param name="patches">Normalised patches [B, N, 1176], four consecutive rows a merged cell.</param>
    /// <param name="grid">The patch grid that all of them have.</param>
    /// <param name="trace">Called with the name and value of each stage, in window order, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every layer.</param>
    /// <returns>Embeddings [B, N / 4, hidden], cells row by row; the caller owns it.</returns>
    public Tensor Encode(Tensor patches, PatchGrid grid, Action<string, Tensor>? trace = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var layout = _layouts.Of(grid);
        var (batch, rows, cell) = (patches.shape[0], patches.shape[1], _config.SpatialMergeSize * _config.SpatialMergeSize);
        _attention.Count(rows, batch);
        var x = nn.functional.linear(patches.to(_compute.DType), _patchEmbedding);
        trace?.Invoke("patch_embed", x);
        x = x.view(batch, rows / cell, cell, -1).index_select(1, layout.Order).view(batch, rows, -1);
        // Each norm is made where its input is: after the sum that the block before, or the attention, adds.
        var normed = TorchOps.RmsNorm(x, _blocks[0].AttentionNorm, Eps);
        for (var i = 0; i < _blocks.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var block = _blocks[i];
            var runs = _config.FullAttentionBlocks.Contains(i) ? layout.Whole : layout.Windows;
            var heads = block.Qkv.Of(normed).view(batch, rows, 3, _config.Heads, -1);
            FusedOps.Rotate(heads.narrow(2, 0, 2).flatten(2, 3).flatten(0, 1), layout.Cos, layout.Sin);
            var attended = block.Out.Of(_attention.Attend(heads, runs));
            var gateUp = block.GateUp.Of(FusedOps.AddNorm(x, attended, block.MlpNorm, Eps));
            var nextNorm = i + 1 < _blocks.Count ? _blocks[i + 1].AttentionNorm : _merger.Norm;
            var next = FusedOps.AddNorm(x, block.Down.Of(FusedOps.Gate(gateUp)), nextNorm, Eps);
            normed.Dispose();
            normed = next.MoveToOuterDisposeScope();
            trace?.Invoke($"block{i}_window_order", x);
        }

        cancellation.ThrowIfCancellationRequested();
        var merged = TorchOps.Call(
            "vision_merge", normed, _merger.First.Weight, _merger.First.Bias!, _merger.Second.Weight, _merger.Second.Bias!);
        trace?.Invoke("merger_window_order", merged);
        return merged.index_select(1, layout.Inverse).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public int CachedTensors => _layouts.Kept.Sum(l => l.Tensors);

    /// <summary>The window order of <paramref name="grid"/>, for conformance checks.</summary>
    public WindowPlan Plan(PatchGrid grid) =>
        WindowPlan.Create(grid.Rows, grid.Columns, _config.WindowSize / _config.PatchSize / _config.SpatialMergeSize);

    private IEnumerable<Tensor> Weights =>
        _blocks.SelectMany(b => b.Tensors).Concat(_merger.Tensors).Append(_patchEmbedding);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in Weights)
            weight.Dispose();
        _cutter.Dispose();
        _layouts.Dispose();
    }
}
