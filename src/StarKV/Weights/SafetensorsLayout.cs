using StarKV.Files;

namespace StarKV.Weights;

/// <summary>Checks that the tensors of a file cover its data exactly once.</summary>
/// <remarks>The format asks for this so that no bytes can hide in a file and no two tensors can share them.</remarks>
internal static class SafetensorsLayout
{
    /// <summary>Refuses overlaps, gaps and bytes after the last tensor; each tensor is already known to be inside the file.</summary>
    public static void Check(string path, IEnumerable<TensorEntry> tensors, long dataStart, long fileLength)
    {
        var covered = dataStart;
        TensorEntry? before = null;
        foreach (var tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength))
        {
            if (tensor.Offset < covered)
            {
                throw new StarKvException(
                    $"{path}: tensor {MessageText.Name(tensor.Name)} begins at byte "
                        + $"{tensor.Offset - dataStart:N0}, inside tensor {MessageText.Name(before!.Name)}; " +
                    $"tensors must not overlap.");
            }

            if (tensor.Offset > covered)
            {
                throw new StarKvException(
                    $"{path}: {tensor.Offset - covered:N0} bytes before tensor "
                        + $"{MessageText.Name(tensor.Name)} belong to no tensor; the format allows no gaps.");
            }

            covered += tensor.ByteLength;
            before = tensor;
        }

        if (covered != fileLength)
        {
            throw new StarKvException(
                $"{path}: {fileLength - covered:N0} bytes after the last tensor belong to no tensor; the format allows none.");
        }
    }
}
