using System.Text.Json.Nodes;
using StarKV.Files;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Checkpoints;

/// <summary>Writes a model folder with its linear layers in FP8 E4M3 and one float32 scale a row; embeddings, norms, biases and the patch convolution stay bfloat16.</summary>
public static class Quantizer
{
    private const string Settings =
        """
        {
          "quant_method": "compressed-tensors", "format": "float-quantized", "quantization_status": "compressed", "ignore": ["lm_head"],
          "config_groups": { "group_0": { "targets": ["Linear"], "weights": { "num_bits": 8, "type": "float", "strategy": "channel", "symmetric": true, "dynamic": false }, "input_activations": null } }
        }
        """;

    private const string What = "model";
    private static readonly FolderKind s_kind = new("an FP8 model");

    /// <summary>Quantises a folder into another one.</summary>
    /// <param name="from">A model folder in bfloat16 or float32.</param>
    /// <param name="to">
    /// Where the new folder goes, which appears whole: a new or empty folder, or one that an earlier call made and nobody added to.
    /// </param>
    /// <param name="cancellation">Ends it between two tensors and leaves nothing behind.</param>
    /// <returns>Bytes of all tensors.</returns>
    /// <exception cref="StarKvException">
    /// The folder cannot be read, is quantised already, or the new one holds something else, contains it or lies in it.
    /// </exception>
    public static long Run(string from, string to, CancellationToken cancellation = default)
    {
        Check(from, to);
        using var folder = CheckpointFolder.Open(from);
        if (folder.Quantization is not null)
            throw new StarKvException($"{from} is quantized already; give the folder in bfloat16.");
        var bytes = 0L;
        OutputFolder.Make(to, What, s_kind, draft =>
        {
            using var scope = NewDisposeScope();
            Checkpoint.CopyCompanions(from, draft, JsonNode.Parse(Settings));
            var tensors = folder.Tensors.OrderBy(t => t.Key, StringComparer.Ordinal)
                .SelectMany(t => Store(WeightNames.Published(t.Key), t.Value, cancellation)).ToList();
            bytes = tensors.Sum(t => (long)t.Bytes.Length);
            SafetensorsWriter.WriteModel(draft, tensors, long.MaxValue);
        });
        return bytes;
    }

    /// <summary>Looks whether <see cref="Run"/> could write a folder, before anything is loaded.</summary>
    /// <exception cref="StarKvException">It could not.</exception>
    public static void Check(string from, string to)
    {
        Apart.Around(to, What, from, "the model that is read");
        OutputFolder.Check(to, What, s_kind);
    }

    private static IEnumerable<StoredTensor> Store(string name, TensorEntry stored, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var value = stored.ToTensor().to(ScalarType.Float32);
        if (value.dim() != 2 || name.Contains("embed_tokens", StringComparison.Ordinal) || name.StartsWith("lm_head", StringComparison.Ordinal))
            return [Checkpoint.Stored(name, value)];
        var (rows, columns) = (value.shape[0], (int)value.shape[1]);
        var scale = (value.abs().amax([1], keepdim: true) / Fp8.Max).clamp_min(1e-12);
        byte[] codes = [.. (value / scale).contiguous().data<float>().ToArray().Select(Fp8.Encode)];
        return [new StoredTensor(name, DType.F8E4M3, [rows, columns], codes), Checkpoint.Stored(name + "_scale", scale, DType.F32)];
    }
}
