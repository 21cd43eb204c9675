using StarKV.Input;
using StarKV.Models;

namespace StarKV.Schedule;

/// <summary>The screenshots of one request, and what the vision tower has given for them so far.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
/// <param name="images">The screenshots, oldest first.</param>
internal sealed class ScreensToEncode(IReadOnlyList<ModelImage> images) : IDisposable
{
    private readonly ScreenFeatures?[] _features = new ScreenFeatures?[images.Count];

    /// <summary>Grids of those that are still to be encoded.</summary>
    public IReadOnlyList<PatchGrid> Missing => [.. Open.Select(i => images[i].Grid)];

    /// <summary>What the tower gave for each, once none is missing; borrowed.</summary>
    public IReadOnlyList<ScreenFeatures> Features => _features!;

    /// <summary>The first ones of a size that are still to be encoded.</summary>
    public IReadOnlyList<ModelImage> Next(PatchGrid grid, int count) => [.. First(grid, count).Select(i => images[i])];

    /// <summary>Takes what the tower gave for them.</summary>
    public void Take(PatchGrid grid, IReadOnlyList<ScreenFeatures> features)
    {
        foreach (var (index, feature) in First(grid, features.Count).ToList().Zip(features))
            _features[index] = feature;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var feature in _features)
            feature?.Dispose();
    }

    private IEnumerable<int> Open => Enumerable.Range(0, images.Count).Where(i => _features[i] is null);

    private IEnumerable<int> First(PatchGrid grid, int count) => Open.Where(i => images[i].Grid == grid).Take(count);
}
