using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Files;
using StarKV.MiniGui.Training.Weights;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Checkpoints;

/// <summary>How far training has come.</summary>
/// <param name="Steps">Steps taken in all runs.</param>
/// <param name="Jobs">The next job of samples.</param>
internal sealed record Progress(long Steps, long Jobs);

/// <summary>A model folder in Hugging Face form that the engine reads, with what training needs next to it.</summary>
/// <remarks>The optimiser's state is three times the model: a run adds it only where it is asked to.</remarks>
internal static class Checkpoint
{
    private const long ShardBytes = 15L << 20;
    private const string Config = "config.json", Extra = "training.safetensors", ProgressFile = "training.json";
    private static readonly string[] s_companions =
    [
        "tokenizer.json", "processor_config.json", "preprocessor_config.json", "generation_config.json", "starkv.json",
    ];

    /// <summary>What messages call it.</summary>
    public const string What = "checkpoint";

    /// <summary>Marks the folders: only a checkpoint that training wrote is replaced by the next one.</summary>
    public static FolderKind Kind { get; } = new("a checkpoint of training") { IsOlder = IsOlder };

    /// <summary>Writes the folder, or replaces an earlier checkpoint; the old one stays until the new one is complete.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="shape">The folder whose configuration and tokenizer are copied.</param>
    /// <param name="weights">The weights, rounded to bfloat16.</param>
    /// <param name="progress">How far training has come.</param>
    /// <param name="also">Writes more files into the folder that it receives; null (default) for none.</param>
    /// <exception cref="StarKvException">Something else is there, or it cannot be written.</exception>
    public static void Save(string folder, string shape, TrainedWeights weights, Progress progress, Action<string>? also = null)
    {
        using var scope = NewDisposeScope();
        OutputFolder.Make(folder, What, Kind, draft =>
        {
            CopyCompanions(shape, draft, quantization: null);
            var model = weights.Published().Select(t => Stored(WeightNames.Published(t.Name), t.Value));
            SafetensorsWriter.WriteModel(draft, [.. model], ShardBytes);
            var others = weights.Published(model: false).Select(t => Stored(t.Name, t.Value, DType.F32));
            SafetensorsWriter.Write(Path.Combine(draft, Extra), [.. others]);
            NewFile.Write(Path.Combine(draft, ProgressFile), JsonSerializer.SerializeToUtf8Bytes(progress));
            also?.Invoke(draft);
        });
    }

    /// <summary>Reads weights from any model folder of this shape, and what else training left there.</summary>
    /// <returns>How far training had come; nothing for a folder that was not trained here.</returns>
    public static Progress Load(string folder, TrainedWeights weights)
    {
        using var mode = no_grad();
        using (var checkpoint = CheckpointFolder.Open(folder))
            weights.Read(checkpoint);
        if (File.Exists(Path.Combine(folder, Extra)))
        {
            using var scope = NewDisposeScope();
            using var file = SafetensorsFile.Open(Path.Combine(folder, Extra));
            // An older run may lack some: they start from zero.
            var extra = weights.Layout.Slots.Where(s => s.Offset >= weights.Layout.ModelNumbers);
            foreach (var slot in extra.Where(s => file.Tensors.ContainsKey(s.Tensors[0].Name)))
                weights.Master.narrow(0, slot.Offset, slot.Numbers).copy_(file.Tensors[slot.Tensors[0].Name].ToTensor().view(-1));
            weights.Refresh();
        }

        var progress = Path.Combine(folder, ProgressFile);
        return File.Exists(progress)
            ? JsonFile.Record<Progress>(
                PlainFile.ReadAllBytes(progress), JsonSerializerOptions.Default, $"{progress} does not say how far training had come")
            : new Progress(0, 0);
    }

    /// <summary>
    /// Copies a model folder's configuration and tokenizer; <paramref name="quantization"/>
    /// replaces what the configuration says of 8-bit weights.
    /// </summary>
    public static void CopyCompanions(string from, string to, JsonNode? quantization)
    {
        var file = Path.Combine(from, Config);
        var bytes = PlainFile.ReadAllBytes(file);
        // Checks what could not be written again: names that come twice, texts that are none.
        _ = JsonFile.Parse(bytes, file);
        var config = JsonObject.Create(JsonFile.Value(bytes, file))!;
        config.Remove("quantization_config");
        if (quantization is not null)
            config["quantization_config"] = quantization;
        var text = config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
        NewFile.Write(Path.Combine(to, Config), Encoding.UTF8.GetBytes(text));
        foreach (var name in s_companions.Where(name => File.Exists(Path.Combine(from, name))))
            NewFile.Write(Path.Combine(to, name), PlainFile.ReadAllBytes(Path.Combine(from, name)));
    }

    /// <summary>A tensor's bytes in a stored type, bfloat16 by default.</summary>
    public static StoredTensor Stored(string name, Tensor value, DType type = DType.BF16)
    {
        using var scope = NewDisposeScope();
        var rounded = value.to(type == DType.BF16 ? ScalarType.BFloat16 : ScalarType.Float32).contiguous();
        return new StoredTensor(name, type, value.shape, rounded.bytes.ToArray());
    }

    // A checkpoint of a run from before folders had markers: everything in it is ours by its name.
    private static bool IsOlder(IReadOnlyCollection<string> names) =>
        names.Contains(ProgressFile) && names.Contains(Extra)
        && names.All(n => n is ProgressFile or Extra or Config || s_companions.Contains(n) || IsWeights(n));

    private static bool IsWeights(string name) =>
        name.StartsWith("model", StringComparison.Ordinal)
        && (name.EndsWith(".safetensors", StringComparison.Ordinal) || name == "model.safetensors.index.json");
}
