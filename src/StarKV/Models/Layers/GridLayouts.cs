using StarKV.Input;

namespace StarKV.Models.Layers;

/// <summary>What a vision tower works out once for a patch grid; screenshots of a session have one size, so a few are kept.</summary>
/// <param name="make">Works one out.</param>
/// <typeparam name="T">A layout, which owns its tensors.</typeparam>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
internal sealed class GridLayouts<T>(Func<PatchGrid, T> make) : IDisposable
    where T : IDisposable
{
    private const int Most = 8;

    private readonly Dictionary<PatchGrid, T> _layouts = [];

    /// <summary>Those that are kept.</summary>
    public IEnumerable<T> Kept => _layouts.Values;

    /// <summary>The layout of a grid; borrowed until the next call.</summary>
    public T Of(PatchGrid grid)
    {
        if (_layouts.TryGetValue(grid, out var known))
            return known;
        if (_layouts.Count == Most)
            Clear();
        return _layouts[grid] = make(grid);
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Clear()
    {
        foreach (var layout in _layouts.Values)
            layout.Dispose();
        _layouts.Clear();
    }
}
