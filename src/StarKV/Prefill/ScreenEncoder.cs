using StarKV.Input;
using StarKV.Models.Qwen25Vl;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>Encodes a history of screenshots; those of one size go through the vision tower together, and those seen before not at all.</summary>
/// <param name="tower">The vision tower.</param>
/// <param name="seen">What was encoded before; null encodes everything.</param>
public sealed class ScreenEncoder(VisionTower tower, ScreenCache? seen = null)
{
    /// <summary>Patches encoded together at most: more would raise the peak memory and gain no time.</summary>
    public const int MaxPatches = 24576;

    /// <summary>Screenshots of one size that are encoded together.</summary>
    internal static int AtOnce(PatchGrid grid) => Math.Max(1, MaxPatches / grid.Patches);

    /// <summary>Embeddings of every screenshot, [cells, D], in the order given; the caller owns them.</summary>
    /// <param name="images">The screenshots as the model sees them.</param>
    /// <param name="cancellation">Checked before every layer of the tower; what was not encoded to its end is not remembered.</param>
    public IReadOnlyList<Tensor> Encode(IReadOnlyList<ModelImage> images, CancellationToken cancellation = default)
    {
        var keys = images.Select(image => seen?.KeyOf(image) ?? default).ToArray();
        var encoded = keys.Select(key => seen?.Find(key)).ToArray();
        foreach (var size in Enumerable.Range(0, images.Count).Where(i => encoded[i] is null).GroupBy(i => images[i].Grid))
        {
            foreach (var batch in size.Chunk(AtOnce(size.Key)))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var patches = tower.Patchify([.. batch.Select(i => images[i])]);
                var embeddings = tower.Encode(patches, size.Key, cancellation: cancellation);
                for (var i = 0; i < batch.Length; i++)
                {
                    encoded[batch[i]] = embeddings[i].MoveToOuterDisposeScope();
                    seen?.Add(keys[batch[i]], embeddings[i]);
                }
            }
        }

        return encoded!;
    }
}
