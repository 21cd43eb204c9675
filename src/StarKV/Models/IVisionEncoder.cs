using System.Diagnostics.CodeAnalysis;
using StarKV.Input;

namespace StarKV.Models;

/// <summary>A vision tower: screenshots in, what the text decoder reads of them out.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public interface IVisionEncoder : IDisposable
{
    /// <summary>Encodes screenshots of one size together.</summary>
    /// <param name="images">The screenshots as the model sees them, at least one, all of one grid.</param>
    /// <param name="cancellation">Checked before every layer.</param>
    /// <returns>
    /// One for each screenshot, in their order; they belong to the open dispose scope, and those of one call may share memory.
    /// </returns>
    IReadOnlyList<ScreenFeatures> Encode(IReadOnlyList<ModelImage> images, CancellationToken cancellation = default);

    /// <summary>Tensors that are kept for screenshots to come, such as the layouts of their sizes.</summary>
    int CachedTensors { get; }
}
