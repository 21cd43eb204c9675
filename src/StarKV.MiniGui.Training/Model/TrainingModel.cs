using StarKV.Input;
using StarKV.Kernels;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Weights;
using StarKV.Models.Layers;
using StarKV.Models.Qwen25Vl;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Model;

/// <summary>
/// What a forward pass gives: logits of the target tokens [T, vocabulary], of what cells show [F · cells,
/// vocabulary] and of where they lie [2 · F · cells, classes], float32; the cells' truth; the alignment loss.
/// </summary>
internal readonly record struct Forward(Tensor Answers, Tensor Cells, Tensor CellIds, Tensor Places, Tensor PlaceIds, Tensor? Alignment);

/// <summary>The forward pass of Qwen2.5-VL over packs, made of the operations that the engine serves with.</summary>
internal sealed class TrainingModel : IDisposable
{
    private readonly Qwen25VlConfig _config;
    private readonly Compute _compute;
    private readonly RotaryTable _rotary;
    private readonly Tensor _mean, _std;
    private readonly Dictionary<PatchGrid, VisionLayout> _layouts = [];

    public TrainingModel(Qwen25VlConfig config, PreprocessorConfig pixels, Compute compute)
    {
        (_config, _compute) = (config, compute);
        _rotary = new RotaryTable(config.Text.RotaryAxes, config.Text.RopeTheta, compute);
        _mean = tensor(pixels.ImageMean.Select(v => (float)v).ToArray(), device: compute.Device).DetachFromDisposeScope();
        _std = tensor(pixels.ImageStd.Select(v => (float)v).ToArray(), device: compute.Device).DetachFromDisposeScope();
    }

    /// <summary>Runs a batch; every tensor belongs to the current scope.</summary>
    /// <param name="w">The weights by kind and layer.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="grid">The patch grid of its screenshots.</param>
    /// <param name="align">Whether the alignment loss is asked for.</param>
    public Forward Run(Tensor[][] w, DeviceBatch batch, PatchGrid grid, bool align = false)
    {
        var layout = Layout(grid);
        var screens = Encode(w, batch.Pixels, layout);
        // The tower's tokens stay in window order; their rows and names are brought into it instead, which costs no gradient.
        var rows = batch.VisionRows.index_select(1, layout.Order).flatten();
        var cellIds = batch.CellIds.index_select(1, layout.Order).flatten();

        var embedding = w[(int)Weight.Embedding][0];
        var text = TrainingOps.Call("embed", embedding, batch.TextIds);
        var x = zeros([batch.Segments.numel(), embedding.shape[1]], _compute.DType, _compute.Device)
            .index_copy(0, batch.TextRows, text).index_copy(0, rows, screens);
        var (hidden, halfway, alignment) = Decode(w, x, batch, align);

        var eps = _config.Text.RmsNormEps;
        var targets = TorchOps.RmsNorm(hidden.index_select(0, batch.TargetRows), w[(int)Weight.FinalNorm][0], eps);
        var answers = nn.functional.linear(targets, embedding).to(ScalarType.Float32);
        var cells = TrainingOps.Call("cell_logits", screens, w[(int)Weight.CellGain][0], w[(int)Weight.CellScale][0], embedding, eps);
        var places = TrainingOps.Call("place_logits", halfway.index_select(0, rows), w[(int)Weight.Places][0], eps);
        return new Forward(answers, cells, cellIds, places, PlaceIds(layout, grid).repeat(batch.Pixels.shape[0]), alignment);
    }

    /// <summary>The vision tower: [F · cells, D], cells in window order.</summary>
    private Tensor Encode(Tensor[][] w, Tensor pixels, VisionLayout layout)
    {
        const double eps = 1e-6;
        var c = _config.Vision;
        var cell = c.SpatialMergeSize * c.SpatialMergeSize;
        var patches =
            TorchOps.Call("patchify", pixels, _mean, _std, c.PatchSize, c.SpatialMergeSize, c.TemporalPatchSize).to(_compute.DType);
        var (frames, n) = (patches.shape[0], patches.shape[1]);
        patches = patches.view(frames, n / cell, cell, -1).index_select(1, layout.Order).view(frames, n, -1);
        var x = nn.functional.linear(patches, w[(int)Weight.Patches][0]);
        for (var i = 0; i < c.Depth; i++)
        {
            Tensor Of(Weight weight) => w[(int)weight][i];
            var heads = TorchOps.Linear(TorchOps.RmsNorm(x, Of(Weight.VisionNorm1), eps), Of(Weight.VisionQkv), Of(Weight.VisionQkvBias));
            var rotated =
                FusedGradients.Rotate(heads.view(frames * n, 3 * c.Heads, -1), 2 * c.Heads, new RotaryAngles(layout.Cos, layout.Sin))
                    .view(frames, n, 3, c.Heads, -1);
            x = x
                + TorchOps.Linear(
                    Attend(rotated, c.FullAttentionBlocks.Contains(i) ? layout.Whole : layout.Windows),
                    Of(Weight.VisionProj),
                    Of(Weight.VisionProjBias));
            var gateUp =
                TorchOps.Linear(TorchOps.RmsNorm(x, Of(Weight.VisionNorm2), eps), Of(Weight.VisionGateUp), Of(Weight.VisionGateUpBias));
            x = x + TorchOps.Linear(FusedGradients.Gate(gateUp), Of(Weight.VisionDown), Of(Weight.VisionDownBias));
        }

        var normed = TorchOps.RmsNorm(x, w[(int)Weight.MergeNorm][0], eps);
        return TorchOps.Call(
            "vision_merge",
            normed,
            w[(int)Weight.MergeFirst][0],
            w[(int)Weight.MergeFirstBias][0],
            w[(int)Weight.MergeSecond][0],
            w[(int)Weight.MergeSecondBias][0]).flatten(0, 1);
    }

    /// <summary>As the engine attends, but with kernels that have a gradient.</summary>
    private static Tensor Attend(Tensor heads, VisionRuns runs) => FusedOps.RunOn(heads)
        ? TorchOps.Call("vision_attend_runs", heads, runs.Bounds((int)heads.shape[0]), runs.Longest)
        : TorchOps.Call("vision_attend", heads, runs.Groups);

    /// <summary>What stands for a place that the loss leaves out; torch's own number for it.</summary>
    public const long LeftOut = -100;

    /// <summary>
    /// Column and row by turns of a screenshot's cells in window order, [2 · cells]; <see cref="LeftOut"/> beyond those with a class.
    /// </summary>
    private static Tensor PlaceIds(VisionLayout layout, PatchGrid grid)
    {
        var (rows, columns) = PatchPlaces.Of(layout.Order, grid.Columns, merge: 1);
        // On a screen of 1904 px the last four columns of 68 have no class.
        var places = stack([columns, rows], 1).flatten();
        return places.masked_fill(places.ge(ParameterLayout.PlaceClasses), LeftOut);
    }

    /// <summary>
    /// The decoder's stream at its end and in its middle, where every vision token must
    /// know its place: what answers ask of it is then there for the later layers.
    /// </summary>
    private (Tensor Hidden, Tensor Halfway, Tensor? Alignment) Decode(Tensor[][] w, Tensor x, DeviceBatch batch, bool align)
    {
        var c = _config.Text;
        var angles = _rotary.Angles(batch.Positions);
        var (mask, image, counts) = align
            ? (
                TrainingOps.Call("packed_mask", batch.Segments, x),
                batch.IsCell.to(ScalarType.Float32),
                batch.AlignCounts.to(ScalarType.Float32))
            : (x, x, x);
        Tensor? alignment = null;
        var halfway = x;
        for (var i = 0; i < c.Layers; i++)
        {
            Tensor Of(Weight weight) => w[(int)weight][i];
            var heads = TorchOps.Linear(TorchOps.RmsNorm(x, Of(Weight.TextNorm1), c.RmsNormEps), Of(Weight.TextQkv), Of(Weight.TextQkvBias))
                .view(x.shape[0], c.Heads + 2 * c.KvHeads, -1);
            var rotated = FusedGradients.Rotate(heads, c.Heads + c.KvHeads, angles);
            if (align)
            {
                var parts = rotated.split([c.Heads, c.KvHeads, c.KvHeads], 1);
                var loss = TrainingOps.Call(
                    "alignment",
                    parts[0].transpose(0, 1),
                    parts[1].transpose(0, 1),
                    mask,
                    image,
                    batch.AlignPacks,
                    batch.AlignPrompts,
                    batch.AlignAnswers,
                    counts);
                alignment = alignment is null ? loss : alignment + loss;
            }

            var attended = FusedGradients.Attend(rotated, c, batch.Attention);
            x = x + nn.functional.linear(attended, Of(Weight.TextOut));
            var gateUp = nn.functional.linear(TorchOps.RmsNorm(x, Of(Weight.TextNorm2), c.RmsNormEps), Of(Weight.TextGateUp));
            x = x + nn.functional.linear(FusedGradients.Gate(gateUp), Of(Weight.TextDown));
            if (i == (c.Layers - 1) / 2)
                halfway = x;
        }

        return (x, halfway, alignment is null ? null : alignment / c.Layers);
    }

    private VisionLayout Layout(PatchGrid grid)
    {
        if (!_layouts.TryGetValue(grid, out var layout))
        {
            var window = _config.Vision.WindowSize / _config.Vision.PatchSize / _config.Vision.SpatialMergeSize;
            _layouts[grid] = layout = new VisionLayout(
                WindowPlan.Create(grid.Rows, grid.Columns, window), grid, _config.Vision, VisionTower.RopeTheta, _compute.Device);
        }

        return layout;
    }

    public void Dispose()
    {
        _rotary.Dispose();
        _mean.Dispose();
        _std.Dispose();
        foreach (var layout in _layouts.Values)
            layout.Dispose();
    }
}
