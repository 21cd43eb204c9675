using System.IO.Hashing;
using StarKV.Input;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>
/// Remembers the embeddings of screenshots by their pixels, so that a history whose older screens were seen before is not encoded again. What
/// was used longest ago is forgotten first.
/// </summary>
/// <param name="capacityBytes">Bytes of embeddings to remember at most; 0 remembers nothing.</param>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
public sealed class ScreenCache(long capacityBytes) : IDisposable
{
    private readonly Dictionary<ScreenKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    // Not guessable from outside, so that nobody can draw a screen that passes for another.
    private readonly long _seed = Random.Shared.NextInt64();

    private sealed record Entry(ScreenKey Key, Tensor Embeddings)
    {
        public long Bytes => Embeddings.NumberOfElements * Embeddings.ElementSize;
    }

    /// <summary>Screenshots remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes of their embeddings, at most the capacity.</summary>
    public long Bytes { get; private set; }

    /// <summary>What tells an image from others.</summary>
    internal ScreenKey KeyOf(ModelImage image) => new(XxHash128.HashToUInt128(image.Rgb, _seed), image.Grid);

    /// <summary>The embeddings of an image seen before, [cells, D], which the caller owns; null when it is new or forgotten.</summary>
    internal Tensor? Find(ScreenKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        _byUse.Remove(entry);
        _byUse.AddFirst(entry);
        return entry.Value.Embeddings.alias();
    }

    /// <summary>Remembers an image's embeddings [cells, D] if they fit.</summary>
    internal void Add(ScreenKey key, Tensor embeddings)
    {
        var bytes = embeddings.NumberOfElements * embeddings.ElementSize;
        if (bytes > capacityBytes || _entries.ContainsKey(key))
            return;
        while (Bytes + bytes > capacityBytes)
            Forget(_byUse.Last!);
        // A copy: a part of a batch would keep the whole batch alive.
        var entry = _byUse.AddFirst(new Entry(key, embeddings.clone().DetachFromDisposeScope()));
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
        Bytes -= entry.Value.Bytes;
        entry.Value.Embeddings.Dispose();
    }
}

/// <summary>An image's pixels, as a hash of 128 bits, and its grid.</summary>
internal readonly record struct ScreenKey(UInt128 Pixels, PatchGrid Grid);
