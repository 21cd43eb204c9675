using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>Runs of patches that attend to one another, one behind the other in a screenshot.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class VisionRuns : IDisposable
{
    private readonly Dictionary<int, Tensor> _bounds = [];
    private readonly int[] _starts;
    private readonly int _patches;
    private readonly Device _device;

    /// <summary>Makes the runs of one patch grid.</summary>
    /// <param name="groups">Runs of one length next to one another: first patch, runs, patches per run.</param>
    /// <param name="device">Where the bounds lie.</param>
    internal VisionRuns(IReadOnlyList<(int Start, int Count, int Patches)> groups, Device device)
    {
        _device = device;
        _starts = [.. groups.SelectMany(g => Enumerable.Range(0, g.Count).Select(i => g.Start + i * g.Patches))];
        _patches = groups.Sum(g => g.Count * g.Patches);
        Longest = groups.Max(g => g.Patches);
        var table = new long[groups.Count, 3];
        for (var i = 0; i < groups.Count; i++)
            (table[i, 0], table[i, 1], table[i, 2]) = groups[i];
        Groups = tensor(table).DetachFromDisposeScope();
    }

    /// <summary>Tensors held.</summary>
    internal int Tensors => 1 + _bounds.Count;

    /// <summary>The groups, [groups, 3] on the CPU.</summary>
    public Tensor Groups { get; }

    /// <summary>Patches of the longest run.</summary>
    public int Longest { get; }

    /// <summary>True when a screenshot is one run.</summary>
    internal bool IsWhole => _starts.Length == 1;

    /// <summary>
    /// The first patch of every run of some screenshots, and the end, [runs + 1], int32, on the device; a borrowed tensor.
    /// </summary>
    public Tensor Bounds(int screens)
    {
        if (!_bounds.TryGetValue(screens, out var bounds))
        {
            var firsts = Enumerable.Range(0, screens).SelectMany(s => _starts.Select(start => s * _patches + start))
                .Append(screens * _patches);
            _bounds[screens] = bounds = tensor(firsts.ToArray(), device: _device).DetachFromDisposeScope();
        }

        return bounds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Groups.Dispose();
        foreach (var bounds in _bounds.Values)
            bounds.Dispose();
    }
}
