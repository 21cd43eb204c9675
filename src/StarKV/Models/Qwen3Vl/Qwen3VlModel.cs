using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models.Qwen3Vl;

/// <summary>A Qwen3-VL-class model: Qwen3-VL, GUI-Owl-1.5, UI-Venus-1.5.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class Qwen3VlModel : TowerModel<Qwen3VlTower>
{
    /// <summary>Makes the model from any source of weights; a random one serves to time a shape.</summary>
    public Qwen3VlModel(Qwen3VlConfig config, PreprocessorConfig pixels, Compute compute, IWeightSource weights)
        : base(config, pixels, compute, weights, new Qwen3VlTower(config.Vision, pixels, compute, weights))
    {
    }
}
