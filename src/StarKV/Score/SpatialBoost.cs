using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>The spatial boost of GUI-KV, which STaR-KV keeps: tokens of the last screenshot with long vectors score higher.</summary>
/// <remarks>Source: GUI-KV, arXiv 2510.00536, section 3.2: α·softmax(z / τ) with z the standardised L2 norms, unbiased deviation.</remarks>
/// <param name="Alpha">Strength α; 0 switches the boost off.</param>
/// <param name="Temperature">Temperature τ of the softmax.</param>
/// <param name="Source">Which vectors' lengths are read.</param>
internal readonly record struct SpatialBoost(double Alpha, double Temperature, NormSource Source)
{
    /// <summary>Adds the boost to pooled window attention [H, P] in place, on the last screenshot's columns.</summary>
    public void AddTo(Tensor attention, in LayerObservation observation)
    {
        if (Alpha == 0 || observation.Norms is null || observation.LastFrameInPast is not { } span)
            return;
        var norms = observation.Norms.Of(Source, span.Start, span.End - span.Start);
        var centred = norms - norms.mean();
        // One token has no deviation; its z is 0.
        var z = span.End - span.Start > 1 ? centred / (norms.std() + 1e-8) : centred;
        attention.narrow(1, span.Start, span.End - span.Start).add_(Alpha * nn.functional.softmax(z / Temperature, 0));
    }
}
