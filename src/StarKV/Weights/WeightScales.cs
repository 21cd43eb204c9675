using StarKV.Files;

namespace StarKV.Weights;

/// <summary>Checks that what is stored as 8-bit float can be turned back into weights.</summary>
internal static class WeightScales
{
    /// <summary>Appended to a weight's name; the scale of <c>q_proj.weight</c> is <c>q_proj.weight_scale</c>.</summary>
    public const string Suffix = "_scale";

    /// <summary>What to use where weights are quantized in another way.</summary>
    public const string WayOut = "Use the unquantized model, or FP8 weights with one weight_scale per row or per tensor.";

    private const string BlockSuffix = ".weight_scale_inv", ComfyMarker = "scaled_fp8", ComfySuffix = ".scale_weight";

    /// <summary>Refuses 8-bit floats without a fitting scale, scales by block, and integer weights; names are canonical.</summary>
    public static void Check(IReadOnlyDictionary<string, TensorEntry> tensors)
    {
        // Before the weights: a weight scaled by blocks would otherwise be refused for lacking the other scale.
        if (tensors.FirstOrDefault(pair => pair.Key.EndsWith(BlockSuffix, StringComparison.Ordinal)).Value is { } block)
        {
            throw new StarKvException($"{Where(block)} is a block-wise scale (weight_scale_inv), which is not supported. {WayOut}");
        }

        if (tensors.FirstOrDefault(pair => Ends(pair.Key, ComfyMarker) || Ends(pair.Key, ComfySuffix)).Value is { } comfy)
        {
            throw new StarKvException(
                $"{Where(comfy)} belongs to FP8 weights as ComfyUI stores them (scaled_fp8), which are not supported. {WayOut}");
        }

        foreach (var (name, tensor) in tensors)
        {
            if (tensor.DType.IsFloat8())
                CheckScale(tensor, tensors.GetValueOrDefault(name + Suffix));
            else if (!tensor.DType.IsFloat() && name.EndsWith(".weight", StringComparison.Ordinal))
                throw new StarKvException(
                    $"{Where(tensor)} is a weight stored as {tensor.DType}; weights must be floats. Use the unquantized or the FP8 model.");
        }
    }

    private static bool Ends(string name, string end) => name.EndsWith(end, StringComparison.Ordinal);

    private static void CheckScale(TensorEntry weight, TensorEntry? scale)
    {
        if (scale is null)
        {
            throw new StarKvException(
                $"{Where(weight)} is stored as {weight.DType} without its scale "
                    + $"{MessageText.Name(weight.Name + Suffix)}; its values cannot be known. {WayOut}");
        }

        if (scale.DType is not (DType.F32 or DType.BF16))
            throw new StarKvException($"{Where(scale)} is a scale stored as {scale.DType}; F32 and BF16 are supported.");

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

    private static string Where(TensorEntry tensor) => $"{tensor.File.FilePath}: tensor {MessageText.Name(tensor.Name)}";
}
