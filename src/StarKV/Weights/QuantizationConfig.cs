using System.Diagnostics.CodeAnalysis;
using StarKV.Files;

namespace StarKV.Weights;

/// <summary>How the weights of a quantized checkpoint were stored; only 8-bit floats are read.</summary>
/// <param name="Method"><c>compressed-tensors</c> or <c>fp8</c>.</param>
/// <param name="Format">For <c>compressed-tensors</c>: <c>float-quantized</c>; otherwise null.</param>
/// <param name="Block">For <c>fp8</c> scaled by blocks: the size of a block; otherwise null.</param>
/// <remarks>
/// Weights are scaled back on loading, so what the file says of activations does not matter here.
/// Source: the <c>quantization_config</c> block of <c>config.json</c>.
/// </remarks>
[Experimental("STARKV001")]
public sealed record QuantizationConfig(string Method, string? Format, ScaleBlock? Block = null)
{
    /// <summary>The longest side of a block, beyond any weight's.</summary>
    private const int MaxSide = 1 << 20;

    private const string WayOut =
        "Use the unquantized model, or FP8 weights with one scale per row, per tensor or per block.";

    /// <summary>Reads the block from a configuration; null when there is none.</summary>
    /// <exception cref="StarKvException">The method or one of its settings is not understood.</exception>
    internal static QuantizationConfig? Read(JsonFields config)
    {
        if (config.Has("quantization"))
            throw config.Error($"the weights are quantized as MLX stores them (quantization), which is not supported. {WayOut}");
        if (config.Object("quantization_config") is not { } block)
            return null;
        var method = block.Text("quant_method");
        return method switch
        {
            "compressed-tensors" => ReadCompressedTensors(block),
            "fp8" => new QuantizationConfig("fp8", null, ReadBlock(block)),
            null => throw block.Error($"quantization_config has no quant_method, so the weights cannot be read. {WayOut}"),
            _ => throw block.Error($"the weights are quantized with {MessageText.Name(method)}, which is not supported. {WayOut}"),
        };
    }

    private static ScaleBlock? ReadBlock(JsonFields block) => block.Wholes("weight_block_size", 1, MaxSide) switch
    {
        null => null,
        [var rows, var columns] => new ScaleBlock(rows, columns),
        _ => throw block.Bad("weight_block_size", "two numbers, rows and columns"),
    };

    private static QuantizationConfig ReadCompressedTensors(JsonFields block)
    {
        var format = block.Text("format");
        if (format != "float-quantized")
            throw block.Error(
                $"the weights have the compressed-tensors format {MessageText.Name(format ?? "none")}, which is not supported. {WayOut}");
        if (block.Object("sparsity_config")?.Text("format") is { } sparsity and not "dense")
            throw block.Error($"the weights are stored sparse ({MessageText.Name(sparsity)}), which is not supported. {WayOut}");

        foreach (var weights in block.Objects("config_groups").Select(group => group.Object("weights")).OfType<JsonFields>())
        {
            var (bits, type) = (weights.Whole("num_bits", 8, 1, 64), weights.Text("type") ?? "float");
            if (bits != 8 || type != "float")
                throw block.Error($"the weights are {bits}-bit {MessageText.Text(type)}, which is not supported. {WayOut}");
            if (weights.Text("strategy") is { } strategy and not ("channel" or "tensor"))
                throw block.Error($"the weights are scaled by {MessageText.Name(strategy)}, which is not supported. {WayOut}");
        }

        return new QuantizationConfig("compressed-tensors", format);
    }
}
