using StarKV.Kernels;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>The vision tower's attention over runs of patches: windows, or whole screenshots.</summary>
/// <remarks>
/// On a card a custom kernel takes windows, whose logits fit in registers, and one flash call takes other runs, of any lengths side by
/// side. cuDNN attends
/// to a whole screenshot 1.4 times as fast but plans again for each size, which takes as long as it saves on a dozen screenshots: it is
/// asked once so many of
/// a size have been seen.
/// </remarks>
internal sealed class VisionAttention
{
    private const int SeenBeforePlanning = 12;
    private readonly Dictionary<long, long> _seen = [];

    /// <summary>Counts screenshots that are about to be encoded.</summary>
    /// <param name="patches">Patches of each.</param>
    /// <param name="screens">How many.</param>
    public void Count(long patches, long screens) => _seen[patches] = _seen.GetValueOrDefault(patches) + screens;

    /// <summary>Attends inside each run.</summary>
    /// <param name="heads">Rotated queries, rotated keys and values of B screenshots in window order, [B, N, 3, H, d].</param>
    /// <param name="runs">The runs.</param>
    /// <returns>Shape [B, N, H·d].</returns>
    public Tensor Attend(Tensor heads, VisionRuns runs)
    {
        if (CudaKernels.For(heads) is not { } kernels)
            return TorchOps.Call("vision_attend", heads, runs.Groups);
        var (screens, patches, count, dim) = (heads.shape[0], heads.shape[1], (int)heads.shape[3], heads.shape[4]);
        var bounds = runs.Bounds((int)screens);
        if (VisionKernels.Take(runs.Longest, dim))
        {
            var attended = empty([screens, patches, count * dim], heads.dtype, heads.device);
            VisionKernels.Attend(kernels, heads, bounds, attended, (int)bounds.shape[0] - 1, count, (int)dim);
            return attended;
        }

        if (runs.IsWhole && _seen.GetValueOrDefault(patches) > SeenBeforePlanning && CudnnAttention.OfScreens(heads) is { } planned)
            return planned;
        return TorchOps.Call("vision_attend_runs", heads, bounds, runs.Longest);
    }
}
