using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen3Vl;
using static TorchSharp.torch;

namespace StarKV.Conformance.Qwen3Vl;

/// <summary>The vision tower's stages for all images of a case, one image after the other; none for a prompt of text alone.</summary>
internal sealed class Qwen3VlStages
{
    /// <summary>Encodes the images; the tensors belong to the open dispose scope.</summary>
    public Qwen3VlStages(IVisionLanguageModel model, VectorFile vectors)
    {
        if (vectors.Find("in.image_grid_thw") is not { } sizes)
            return;
        var (grids, tower) = (sizes.Longs(), ((Qwen3VlModel)model).Vision);
        var pixels = vectors["in.pixel_values_q"].to(model.Compute.Device).to(ScalarType.Float32) / 40;
        var stages = new Dictionary<string, List<Tensor>>();
        var row = 0L;
        for (var i = 0; i < grids.Length; i += 3)
        {
            var grid = new PatchGrid((int)grids[i + 1], (int)grids[i + 2], model.Pixels.PatchSize, model.Pixels.MergeSize);
            var features = tower.Encode(pixels.narrow(0, row, grid.Patches).unsqueeze(0), grid, Note);
            Screens.Add(new ScreenFeatures(features.Embeddings[0], [.. features.LayerAdditions.Select(a => a[0])]));
            row += grid.Patches;
        }

        foreach (var (stage, parts) in stages)
        {
            Stages[stage.StartsWith("deepstack", StringComparison.Ordinal) ? stage : $"vision.{stage}"] = cat(parts, 0);
            parts.ForEach(p => p.Dispose());
        }

        Stages["image_embeds"] = cat([.. Screens.Select(s => s.Embeddings)], 0);

        void Note(string stage, Tensor value)
        {
            if (!stages.TryGetValue(stage, out var parts))
                stages[stage] = parts = [];
            parts.Add(value[0].clone().DetachFromDisposeScope());
        }
    }

    /// <summary>Each image's features.</summary>
    public List<ScreenFeatures> Screens { get; } = [];

    /// <summary>Each stage by the name that the vectors have for it.</summary>
    public Dictionary<string, Tensor> Stages { get; } = [];
}
