using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models.Qwen25Vl;

/// <summary>A Qwen2.5-VL-class model: Qwen2.5-VL, UI-TARS-1.5, OpenCUA.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class Qwen25VlModel : TowerModel<VisionTower>
{
    /// <summary>Makes the model from any source of weights; a random one serves to time a shape.</summary>
    public Qwen25VlModel(Qwen25VlConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights)
        : base(config, pixels, compute, weights, new VisionTower(config.Vision, pixels, compute, weights))
    {
    }
}
