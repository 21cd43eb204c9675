using System.Diagnostics.CodeAnalysis;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>How far loading has come.</summary>
/// <param name="Tensor">The tensor just read.</param>
/// <param name="BytesRead">Bytes read of the checkpoint so far.</param>
/// <param name="TotalBytes">Bytes of the whole checkpoint.</param>
public readonly record struct LoadProgress(string Tensor, long BytesRead, long TotalBytes);

/// <summary>Reads a checkpoint's weights straight from the memory-mapped files to the device.</summary>
/// <remarks>
/// Numbers travel through one staging buffer of <see cref="StagingBytes"/>, which is all the host memory beyond the mapping.
/// FP8 weights (E4M3, or E5M2) are multiplied by their scale in float32 before they are rounded to the model's type.
/// Not thread-safe: tensors are taken one after the other.
/// </remarks>
[Experimental("STARKV001")]
public sealed class CheckpointWeights : IWeightSource, IDisposable
{
    /// <summary>The size of the staging buffer in bytes.</summary>
    public const int StagingBytes = 32 << 20;

    private readonly CheckpointFolder _folder;
    private readonly Compute _compute;
    private readonly IProgress<LoadProgress>? _progress;
    private readonly long _totalBytes;
    private readonly StagingBuffer _staging;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly CancellationToken _cancellation;
    private long _bytesRead;

    /// <summary>Reads from <paramref name="folder"/>, which must stay open meanwhile.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="compute">Device and number type of the weights.</param>
    /// <param name="progress">Called after every tensor read; may be null.</param>
    /// <param name="cancellation">Checked before every tensor, and in a large one each time the staging buffer is filled.</param>
    public CheckpointWeights(
        CheckpointFolder folder, Compute compute, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(compute);
        _cancellation = cancellation;
        _folder = folder;
        _compute = compute;
        _progress = progress;
        _staging = new StagingBuffer(compute, StagingBytes);
        _totalBytes = folder.Tensors.Values.Sum(t => t.ByteLength);
    }

    /// <inheritdoc/>
    public Tensor Take(long[] shape, params string[] names)
    {
        var entries = names.Select(_folder.Get).ToList();
        _taken.UnionWith(names);
        // Of tensors without elements a shape may say anything.
        var rows = entries.Sum(e => e.Shape.Length == 0 || e.ElementCount == 0 ? 0 : e.Shape[0]);
        foreach (var entry in entries)
        {
            if (entry.Shape.Length == 0 || entry.Shape[0] == 0 || rows != shape[0] || !entry.Shape.AsSpan(1).SequenceEqual(shape.AsSpan(1)))
            {
                var wayOut = IsMlxKernel(entry.Shape, shape)
                    ? "This is the order of MLX; use the model in Hugging Face form, from which it was converted."
                    : "The checkpoint and its configuration do not belong together.";
                throw new StarKvException(
                    $"{entry.File.FilePath}: tensor '{entry.Name}' has shape "
                        + $"[{string.Join(", ", entry.Shape)}], but config.json asks for [{string.Join(", ", shape)}]" +
                    $"{(names.Length > 1 ? $" for {names.Length} tensors together" : "")}. {wayOut}");
            }
        }

        using var scope = NewDisposeScope();
        var whole = empty(shape, _compute.DType, _compute.Device);
        var row = 0L;
        foreach (var (name, entry) in names.Zip(entries))
        {
            using var part = whole.narrow(0, row, entry.Shape[0]);
            Copy(name, entry, part);
            row += entry.Shape[0];
        }

        // Only now: of a tensor that was not read to its end nothing may stay.
        return whole.DetachFromDisposeScope();
    }

    /// <summary>
    /// Refuses a checkpoint that holds tensors which the model did not take and which
    /// would change the answers; called when the model has all of its weights.
    /// </summary>
    /// <exception cref="StarKvException">It does; some are named.</exception>
    internal void CheckUnused() => UnusedTensors.Check(_folder, _taken);

    /// <summary>Frees the staging buffer; the weights taken stay.</summary>
    public void Dispose() => _staging.Dispose();

    /// <summary>True when a convolution's kernel has its channels last, not second.</summary>
    private static bool IsMlxKernel(long[] stored, long[] expected) =>
        expected.Length == 5 && stored.AsSpan().SequenceEqual([expected[0], .. expected[2..], expected[1]]);

    private void Copy(string name, TensorEntry entry, Tensor target)
    {
        using var scope = NewDisposeScope();
        var rows = entry.Shape[0];
        var rowBytes = entry.ByteLength / rows;
        var rowsAtOnce = Math.Min(rows, StagingBuffer.RowsAtOnce(entry, rowBytes, StagingBytes));
        var scale = entry.DType.IsFloat8() ? ReadScale(name, entry) : null;
        for (var row = 0L; row < rows; row += rowsAtOnce)
        {
            _cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var count = Math.Min(rowsAtOnce, rows - row);
            var part = _staging.Read(entry, row * rowBytes, checked((int)(count * rowBytes)), [count, .. entry.Shape.AsSpan(1)]);
            if (scale is not null)
                part = part * scale.Of(row, count);
            target.narrow(0, row, count).copy_(part);
        }

        _bytesRead += entry.ByteLength;
        _progress?.Report(new LoadProgress(entry.Name, _bytesRead, _totalBytes));
    }

    private RowScales ReadScale(string name, TensorEntry entry)
    {
        var stored = WeightScales.NameOf(name, _folder.Block);
        // The folder was refused if it lacked one.
        var scale = _folder.Get(stored);
        _bytesRead += scale.ByteLength;
        _taken.Add(stored);
        return new RowScales(entry, scale, _folder.Block);
    }
}
