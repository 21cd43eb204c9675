using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using StarKV.Input;
using StarKV.Models;

namespace StarKV.Prefill;

/// <summary>
/// Remembers what the vision tower gave for screenshots, by their pixels, so that a history whose older screens were seen before is not
/// encoded again. What was used longest ago is forgotten first.
/// </summary>
/// <param name="capacityBytes">Bytes of features to remember at most; 0 remembers nothing.</param>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class ScreenCache(long capacityBytes) : IDisposable
{
    private readonly Dictionary<ScreenKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    // Not guessable from outside, so that no one can draw a screen that passes for another.
    private readonly long _seed = Random.Shared.NextInt64();

    private sealed record Entry(ScreenKey Key, ScreenFeatures Features);

    /// <summary>Screenshots remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>Tensors of the screenshots remembered.</summary>
    internal int Tensors => _byUse.Sum(e => e.Features.Tensors.Count());

    /// <summary>Bytes of their features, at most the capacity.</summary>
    public long Bytes { get; private set; }

    /// <summary>What tells an image from others.</summary>
    internal ScreenKey KeyOf(ModelImage image) => new(XxHash128.HashToUInt128(image.Rgb, _seed), image.Grid);

    /// <summary>The features of an image seen before, which belong to the open dispose scope; null when it is new or forgotten.</summary>
    internal ScreenFeatures? Find(ScreenKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        _byUse.Remove(entry);
        _byUse.AddFirst(entry);
        return entry.Value.Features.Select(t => t.alias());
    }

    /// <summary>Remembers a copy of an image's features if it fits.</summary>
    internal void Add(ScreenKey key, ScreenFeatures features)
    {
        var bytes = features.Bytes;
        if (bytes > capacityBytes || _entries.ContainsKey(key))
            return;
        while (Bytes + bytes > capacityBytes)
            Forget(_byUse.Last!);
        // A copy: a part of a batch would keep the whole batch alive.
        var copy = features.Select(t => t.clone());
        foreach (var tensor in copy.Tensors)
            tensor.DetachFromDisposeScope();
        var entry = _byUse.AddFirst(new Entry(key, copy));
        _entries[entry.Value.Key] = entry;
        Bytes += bytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_byUse.Last is { } last)
            Forget(last);
    }

    private void Forget(LinkedListNode<Entry> entry)
    {
        _byUse.Remove(entry);
        _entries.Remove(entry.Value.Key);
        Bytes -= entry.Value.Features.Bytes;
        entry.Value.Features.Dispose();
    }
}

/// <summary>An image's pixels, as a hash of 128 bits, and its grid.</summary>
internal readonly record struct ScreenKey(UInt128 Pixels, PatchGrid Grid);
