using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>The vision tower's attention over runs of patches: windows, or whole screenshots.</summary>
/// <remarks>
/// On a card one flash call takes runs of any lengths side by side. cuDNN attends to a whole screenshot 1.4 times as fast but plans anew for each size, which
/// takes as long as it saves on a dozen screenshots: it is asked once so many of a size have been seen.
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
        if (!FusedOps.RunOn(heads))
            return TorchOps.Call("vision_attend", heads, runs.Groups);
        if (runs.IsWhole && _seen.GetValueOrDefault(heads.shape[1]) > SeenBeforePlanning && CudnnAttention.Try("vision_attend_planned", heads) is { } planned)
            return planned;
        return TorchOps.Call("vision_attend_runs", heads, runs.Bounds((int)heads.shape[0]), runs.Longest);
    }
}
