using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Kernels;
using StarKV.Models.Layers;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen3Vl;

/// <summary>
/// The vision transformer of Qwen3-VL: patches of screenshots in, for each merged 32×32 px cell one embedding out, and one addition for
/// each of the first decoder layers.
/// </summary>
/// <remarks>
/// Source: Qwen3-VL technical report, arXiv 2511.21631, section 2: learned positions stretched to the screenshot, 2-D rotary angles, full
/// attention inside a screenshot, features of several blocks for the decoder (DeepStack, arXiv 2406.04334). Screenshots of one size are
/// encoded together. Shapes: B screenshots, N patches of each, D width. Not thread-safe: it belongs on the inference thread.
/// </remarks>
[Experimental("STARKV001")]
public sealed class Qwen3VlTower : IVisionEncoder
{
    private readonly Qwen3VlVisionConfig _config;
    private readonly Compute _compute;
    private readonly Linear _patchEmbedding;
    private readonly Tensor _positions;
    private readonly List<TowerBlock> _blocks = [];
    private readonly List<TowerMerger> _deepstack = [];
    private readonly TowerMerger _merger;
    private readonly VisionAttention _attention = new();
    private readonly PatchCutter _cutter;
    private readonly GridLayouts<TowerLayout> _layouts;

    internal Qwen3VlTower(Qwen3VlVisionConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights)
    {
        _config = config;
        _compute = compute;
        using var scope = NewDisposeScope();
        weights = new ScopedWeights(weights, scope);
        const string tower = "model.visual.", embedding = tower + "patch_embed.proj";
        long d = config.HiddenSize;
        using (var kernel = weights.Take(
            [d, config.InChannels, config.TemporalPatchSize, config.PatchSize, config.PatchSize], embedding + ".weight"))
            _patchEmbedding = new Linear(kernel.view(d, -1), weights.Take([d], embedding + ".bias"));
        _positions = weights.Take([config.PositionEntries, d], tower + "pos_embed.weight");
        for (var i = 0; i < config.Depth; i++)
            _blocks.Add(TowerBlock.Take(config, weights, $"{tower}blocks.{i}."));
        _merger = TowerMerger.Take(config, weights, tower + "merger.", ofCells: false);
        for (var i = 0; i < config.DeepstackBlocks.Length; i++)
            _deepstack.Add(TowerMerger.Take(config, weights, $"{tower}deepstack_merger_list.{i}.", ofCells: true));
        _cutter = new PatchCutter(pixels, compute.Device);
        _layouts = new GridLayouts<TowerLayout>(grid => new TowerLayout(grid, config, compute.Device));
        foreach (var weight in Weights)
            weight.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<ScreenFeatures> Encode(IReadOnlyList<ModelImage> images, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var features = Encode(_cutter.Cut(images), images[0].Grid, cancellation: cancellation);
        return [.. Enumerable.Range(0, images.Count).Select(i => Leaving(features.Select(all => all[i])))];
    }

    /// <summary>Encodes patches of screenshots of one size.</summary>
    /// <param name="patches">Normalised patches [B, N, 1536], four consecutive rows a merged cell, cells row by row.</param>
    /// <param name="grid">The patch grid that all of them have.</param>
    /// <param name="trace">Called with the name and value of each stage, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every layer.</param>
    /// <returns>Embeddings and additions, [B, N / 4, hidden] each, cells row by row; they belong to the open dispose scope.</returns>
    public ScreenFeatures Encode(
        Tensor patches, PatchGrid grid, Action<string, Tensor>? trace = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var layout = _layouts.Of(grid);
        var (batch, rows) = (patches.shape[0], patches.shape[1]);
        _attention.Count(rows, batch);
        var x = _patchEmbedding.Of(patches.to(_compute.DType));
        trace?.Invoke("patch_embed", x);
        x.add_(TorchOps.Call("vision_positions", _positions, layout.Positions.Entries, layout.Positions.Weights));
        trace?.Invoke("embedded", x);
        var additions = new List<Tensor>();
        for (var i = 0; i < _blocks.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var block = _blocks[i];
            var heads = block.Qkv.Of(block.AttentionNorm.Of(x)).view(batch, rows, 3, _config.Heads, -1);
            FusedOps.Rotate(heads.narrow(2, 0, 2).flatten(2, 3).flatten(0, 1), layout.Angles.Cos, layout.Angles.Sin);
            x.add_(block.Out.Of(_attention.Attend(heads, layout.Whole)));
            x.add_(block.Mlp(block.MlpNorm.Of(x)));
            trace?.Invoke($"block{i}", x);
            if (_config.DeepstackBlocks.IndexOf(i) is >= 0 and var merger)
            {
                additions.Add(_deepstack[merger].Of(x).MoveToOuterDisposeScope());
                trace?.Invoke($"deepstack{merger}", additions[^1]);
            }
        }

        cancellation.ThrowIfCancellationRequested();
        return Leaving(new ScreenFeatures(_merger.Of(x), additions));
    }

    /// <inheritdoc/>
    public int CachedTensors => _layouts.Kept.Sum(l => l.Tensors);

    /// <summary>Features that outlive the dispose scope they were made in.</summary>
    private static ScreenFeatures Leaving(ScreenFeatures features)
    {
        foreach (var tensor in features.Tensors)
            tensor.MoveToOuterDisposeScope();
        return features;
    }

    private IEnumerable<Tensor> Weights =>
        _blocks.SelectMany(b => b.Tensors).Concat(_deepstack.SelectMany(m => m.Tensors)).Concat(_merger.Tensors)
            .Concat(_patchEmbedding.Tensors).Append(_positions);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in Weights)
            weight.Dispose();
        _cutter.Dispose();
        _layouts.Dispose();
    }
}
