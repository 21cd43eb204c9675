using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>How widely attention is spread over the past.</summary>
/// <remarks>Source: STaR-KV, arXiv 2606.01790, adaptive entropy budget.</remarks>
internal static class AttentionEntropy
{
    /// <summary>The entropy of each row of [rows, P] as a share of the largest, 0–1: [rows, 1].</summary>
    public static Tensor Of(Tensor attention)
    {
        var p = attention / attention.sum(1, true).clamp_min(1e-12);
        // A past of one token has no entropy to speak of: ln 1 = 0.
        return (-(p * (p + 1e-8).log()).sum(1, true) / Math.Max(Math.Log(attention.shape[1]), 1e-12)).clamp(0, 1);
    }
}
