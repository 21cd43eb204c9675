using System.Diagnostics.CodeAnalysis;
using StarKV.Input;
using StarKV.Runtime;

namespace StarKV.Models;

/// <summary>
/// A model that reads screenshots and text: a vision tower and a text decoder on one device. What the engine knows of any model.
/// </summary>
/// <remarks>Made by <see cref="ModelRegistry"/>. Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public interface IVisionLanguageModel : IDisposable
{
    /// <summary>Sizes, special tokens and family.</summary>
    ModelConfig Config { get; }

    /// <summary>How screenshots are resized and normalised.</summary>
    PreprocessorConfig Pixels { get; }

    /// <summary>The device and number type.</summary>
    Compute Compute { get; }

    /// <summary>The vision tower.</summary>
    IVisionEncoder Vision { get; }

    /// <summary>The text decoder.</summary>
    TextDecoder Text { get; }
}
