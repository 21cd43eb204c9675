using StarKV.Input;
using StarKV.Models.Qwen25Vl;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>Encodes a history of screenshots; those of one size go through the vision tower together.</summary>
/// <param name="tower">The vision tower.</param>
public sealed class ScreenEncoder(VisionTower tower)
{
    /// <summary>Patches encoded together at most: more would raise the peak memory and gain no time.</summary>
    public const int MaxPatches = 32768;

    /// <summary>Embeddings of every screenshot, [cells, D], in the order given; the caller owns them.</summary>
    public IReadOnlyList<Tensor> Encode(IReadOnlyList<ModelImage> images)
    {
        var encoded = new Tensor[images.Count];
        foreach (var size in images.Select((Image, Index) => (Image, Index)).GroupBy(i => i.Image.Grid))
        {
            foreach (var batch in size.Chunk(Math.Max(1, MaxPatches / size.Key.Patches)))
            {
                using var scope = NewDisposeScope();
                var patches = tower.Patchify([.. batch.Select(b => b.Image)]);
                var embeddings = tower.Encode(patches, size.Key);
                for (var i = 0; i < batch.Length; i++)
                    encoded[batch[i].Index] = embeddings[i].MoveToOuterDisposeScope();
            }
        }

        return encoded;
    }
}
