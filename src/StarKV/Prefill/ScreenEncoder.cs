using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Models;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>
/// Encodes a history of screenshots; those of one size go through the vision tower together, and those seen before not at all.
/// </summary>
/// <param name="tower">The vision tower.</param>
/// <param name="seen">What was encoded before; null encodes everything.</param>
[Experimental("STARKV001")]
public sealed class ScreenEncoder(IVisionEncoder tower, ScreenCache? seen = null)
{
    /// <summary>Patches encoded together at most: more would raise the peak memory and gain no time.</summary>
    public const int MaxPatches = 24576;

    /// <summary>Screenshots of one size that are encoded together.</summary>
    internal static int AtOnce(PatchGrid grid) => Math.Max(1, MaxPatches / grid.Patches);

    /// <summary>What the tower gives for every screenshot, in the order given; the tensors belong to the open dispose scope.</summary>
    /// <param name="images">The screenshots as the model sees them.</param>
    /// <param name="cancellation">Checked before every layer of the tower; what was not encoded to its end is not remembered.</param>
    public IReadOnlyList<ScreenFeatures> Encode(IReadOnlyList<ModelImage> images, CancellationToken cancellation = default)
    {
        var keys = images.Select(image => seen?.KeyOf(image) ?? default).ToArray();
        var encoded = keys.Select(key => seen?.Find(key)).ToArray();
        foreach (var size in Enumerable.Range(0, images.Count).Where(i => encoded[i] is null).GroupBy(i => images[i].Grid))
        {
            foreach (var batch in size.Chunk(AtOnce(size.Key)))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var features = tower.Encode([.. batch.Select(i => images[i])], cancellation);
                for (var i = 0; i < batch.Length; i++)
                {
                    seen?.Add(keys[batch[i]], features[i]);
                    foreach (var tensor in features[i].Tensors)
                        tensor.MoveToOuterDisposeScope();
                    encoded[batch[i]] = features[i];
                }
            }
        }

        return encoded!;
    }
}
