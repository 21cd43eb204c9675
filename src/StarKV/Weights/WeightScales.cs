using StarKV.Files;

namespace StarKV.Weights;

/// <summary>Checks that what is stored as 8-bit float can be turned back into weights.</summary>
internal static class WeightScales
{
    /// <summary>What to use where weights are quantized in another way.</summary>
    public const string WayOut =
        "Use the unquantized model, or FP8 weights with one weight_scale per row or per tensor, or one weight_scale_inv per block.";

    private const string Suffix = "_scale", BlockSuffix = "_scale_inv", ComfyMarker = "scaled_fp8", ComfySuffix = ".scale_weight";

    /// <summary>
    /// The name of a weight's scale: of <c>q_proj.weight</c> it is <c>q_proj.weight_scale</c>, by blocks <c>q_proj.weight_scale_inv</c>.
    /// </summary>
    public static string NameOf(string weight, ScaleBlock? block) => weight + (block is null ? Suffix : BlockSuffix);

    /// <summary>Refuses 8-bit floats without a fitting scale, blocks of unknown size, and integer weights; names are canonical.</summary>
    public static void Check(IReadOnlyDictionary<string, TensorEntry> tensors, ScaleBlock? block)
    {
        // Before the weights: a weight scaled by blocks would otherwise be refused for lacking the other scale.
        if (block is null && tensors.FirstOrDefault(pair => Ends(pair.Key, ".weight" + BlockSuffix)).Value is { } blocks)
        {
            throw new StarKvException(
                $"{Where(blocks)} scales a weight by blocks, and config.json does not say how large they are "
                    + $"(weight_block_size in quantization_config). Download the config.json that belongs to the weights.");
        }

        if (tensors.FirstOrDefault(pair => Ends(pair.Key, ComfyMarker) || Ends(pair.Key, ComfySuffix)).Value is { } comfy)
        {
            throw new StarKvException(
                $"{Where(comfy)} belongs to FP8 weights as ComfyUI stores them (scaled_fp8), which are not supported. {WayOut}");
        }

        foreach (var (name, tensor) in tensors)
        {
            if (tensor.DType.IsFloat8())
                CheckScale(tensor, tensors.GetValueOrDefault(NameOf(name, block)), block);
            else if (!tensor.DType.IsFloat() && name.EndsWith(".weight", StringComparison.Ordinal))
                throw new StarKvException(
                    $"{Where(tensor)} is a weight stored as {tensor.DType}; weights must be floats. Use the unquantized or the FP8 model.");
        }
    }

    private static bool Ends(string name, string end) => name.EndsWith(end, StringComparison.Ordinal);

    private static void CheckScale(TensorEntry weight, TensorEntry? scale, ScaleBlock? block)
    {
        if (scale is null)
        {
            throw new StarKvException(
                $"{Where(weight)} is stored as {weight.DType} without its scale "
                    + $"{MessageText.Name(NameOf(weight.Name, block))}; its values cannot be known. {WayOut}");
        }

        if (scale.DType is not (DType.F32 or DType.BF16))
            throw new StarKvException($"{Where(scale)} is a scale stored as {scale.DType}; F32 and BF16 are supported.");

        if (block is { } size)
        {
            CheckBlocks(weight, scale, size);
            return;
        }

        var (shape, rows) = (scale.Shape, weight.Shape.Length == 0 ? 1 : weight.Shape[0]);
        var perTensor = scale.ElementCount == 1 && shape.Length <= 2;
        var perRow = shape.Length is 1 or 2 && shape[0] == rows && scale.ElementCount == rows;
        if (!perTensor && !perRow)
        {
            throw new StarKvException(
                $"{Where(scale)} has the shape [{string.Join(", ", shape)}]; the weight has the shape "
                    + $"[{string.Join(", ", weight.Shape)}], so [{rows}, 1], [{rows}], [1] or [] is supported. "
                    + $"Use the unquantized model.");
        }
    }

    private static void CheckBlocks(TensorEntry weight, TensorEntry scale, ScaleBlock block)
    {
        if (weight.Shape is not [var rows, var columns])
        {
            throw new StarKvException(
                $"{Where(weight)} has {weight.Shape.Length} dimensions; only matrices are scaled by blocks. {WayOut}");
        }

        var grid = block.Grid(rows, columns);
        if (!scale.Shape.AsSpan().SequenceEqual(grid))
        {
            throw new StarKvException(
                $"{Where(scale)} has the shape [{string.Join(", ", scale.Shape)}]; blocks of {block.Rows}×{block.Columns} of a weight "
                    + $"of the shape [{rows}, {columns}] have scales of [{string.Join(", ", grid)}]. "
                    + $"Download the config.json that belongs to the weights, or use the unquantized model.");
        }
    }

    private static string Where(TensorEntry tensor) => $"{tensor.File.FilePath}: tensor {MessageText.Name(tensor.Name)}";
}
