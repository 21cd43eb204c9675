using StarKV.Input;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>Cuts screenshots into the normalised patches that a vision tower reads.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
internal sealed class PatchCutter : IDisposable
{
    private readonly PreprocessorConfig _pixels;
    private readonly Device _device;
    private readonly Tensor _mean, _std;

    /// <summary>Prepares the cutter.</summary>
    /// <param name="pixels">Sides of patches and cells, mean and deviation of the colours.</param>
    /// <param name="device">Where the patches lie.</param>
    public PatchCutter(PreprocessorConfig pixels, Device device)
    {
        (_pixels, _device) = (pixels, device);
        using var scope = NewDisposeScope();
        _mean = tensor(pixels.ImageMean.Select(v => (float)v).ToArray(), device: device);
        _std = tensor(pixels.ImageStd.Select(v => (float)v).ToArray(), device: device);
        foreach (var held in new[] { _mean, _std })
            held.DetachFromDisposeScope();
    }

    /// <summary>Cuts screenshots of one size.</summary>
    /// <returns>
    /// Shape [B, N, 3 · frames · patch²]; consecutive rows are one merged cell, cells row by row; it belongs to the open dispose scope.
    /// </returns>
    public Tensor Cut(IReadOnlyList<ModelImage> images)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images[0].Height, images[0].Width);
        var pixels = HostTensor.Empty([images.Count, height, width, 3], ScalarType.Byte, _device);
        Parallel.For(0, images.Count, i => images[i].Rgb.CopyTo(pixels.bytes[(i * images[i].Rgb.Length)..]));
        return TorchOps.Call(
            "patchify", pixels.to(_device, non_blocking: true), _mean, _std, _pixels.PatchSize, _pixels.MergeSize,
            _pixels.TemporalPatchSize)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _std.Dispose();
    }
}
