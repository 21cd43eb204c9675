using StarKV.Files;

namespace StarKV.Weights;

/// <summary>
/// Looks at what a checkpoint stores and the model did not take: an answer without it would not be that of the checkpoint.
/// </summary>
internal static class UnusedTensors
{
    private const int MaxNamed = 3, BytesAtOnce = 64 << 20;

    private const string Head = "lm_head", Table = "model.language_model.embed_tokens";

    /// <summary>
    /// Endings of what does not change an answer: tables computed from the configuration,
    /// and scales of activations and of an FP8 cache, which StarKV does not have.
    /// </summary>
    private static readonly string[] s_harmless =
    [
        ".inv_freq", ".input_scale", ".output_scale", ".q_scale", ".k_scale", ".v_scale", ".kv_scale", ".prob_scale",
    ];

    /// <summary>Refuses tensors that are neither taken nor harmless; names are canonical.</summary>
    /// <exception cref="StarKvException">There are some.</exception>
    public static void Check(CheckpointFolder folder, IReadOnlySet<string> taken)
    {
        var unused = folder.Tensors.Where(t =>
            !taken.Contains(t.Key)
                && !s_harmless.Any(end => t.Key.EndsWith(end, StringComparison.Ordinal))
                && !IsTiedHead(folder, t.Key, t.Value))
            .OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        if (unused.Count == 0)
            return;
        if (unused.Find(t => t.Key == Head + ".weight").Value is { } head)
        {
            throw new StarKvException(
                $"{head.File.FilePath}: {MessageText.Name(head.Name)} differs from the embedding table, but "
                    + $"config.json says that the two are one (tie_word_embeddings); which one is meant cannot be known. " +
                $"Set tie_word_embeddings to false to use both, or remove the tensor from the file.");
        }

        var names = string.Join(", ", unused.Take(MaxNamed).Select(t => MessageText.Name(t.Value.Name)))
            + (unused.Count > MaxNamed ? $" and {unused.Count - MaxNamed} more" : "");
        throw new StarKvException(
            $"{folder.FolderPath} stores {unused.Count} of {folder.Tensors.Count} "
                + $"tensors that the model of its config.json has no use for: {names}; " +
            (unused.Exists(t => AdapterFiles.IsPart(t.Key))
                ? AdapterFiles.AmongWeights
                : "give the config.json that belongs to these weights, or remove the tensors if the model is meant to be without them."));
    }

    /// <summary>
    /// True for a part of the output head that equals its part of the embedding table: many programs store a tied table twice.
    /// </summary>
    private static bool IsTiedHead(CheckpointFolder folder, string name, TensorEntry tensor) =>
        name.StartsWith(Head, StringComparison.Ordinal) && folder.Find(Table + name[Head.Length..]) is { } table
        && table.DType == tensor.DType && table.Shape.AsSpan().SequenceEqual(tensor.Shape) && SameBytes(table, tensor);

    // Straight from the mapping: nothing is copied, and the first difference ends it.
    private static bool SameBytes(TensorEntry a, TensorEntry b)
    {
        for (var at = 0L; at < a.ByteLength; at += BytesAtOnce)
        {
            var length = (int)Math.Min(BytesAtOnce, a.ByteLength - at);
            if (!a.Bytes(at, length).SequenceEqual(b.Bytes(at, length)))
                return false;
        }

        return true;
    }
}
