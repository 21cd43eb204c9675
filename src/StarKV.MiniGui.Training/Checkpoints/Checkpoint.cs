using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Input;
using StarKV.MiniGui.Training.Weights;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Checkpoints;

/// <summary>How far training has come.</summary>
/// <param name="Steps">Steps taken in all runs.</param>
/// <param name="Jobs">The next job of samples.</param>
internal sealed record Progress(long Steps, long Jobs);

/// <summary>A model folder in Hugging Face form that the engine reads, with what training needs beside it.</summary>
/// <remarks>The optimiser's state is three times the model and not kept: a resumed run warms up again.</remarks>
internal static class Checkpoint
{
    private const long ShardBytes = 15L << 20;
    private const string Extra = "training.safetensors", ProgressFile = "training.json";
    private static readonly string[] s_companions = ["tokenizer.json", "processor_config.json", "preprocessor_config.json", "generation_config.json", "starkv.json"];

    /// <summary>Writes the folder anew; the old one stays until the new one is complete.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="shape">The folder whose configuration and tokenizer are copied.</param>
    /// <param name="weights">The weights, rounded to bfloat16.</param>
    /// <param name="progress">How far training has come.</param>
    public static void Save(string folder, string shape, TrainedWeights weights, Progress progress)
    {
        using var scope = NewDisposeScope();
        Replace(folder, partial =>
        {
            CopyCompanions(shape, partial, quantization: null);
            SafetensorsWriter.WriteModel(partial, [.. weights.Published().Select(t => Stored(WeightNames.Published(t.Name), t.Value))], ShardBytes);
            SafetensorsWriter.Write(Path.Combine(partial, Extra), [.. weights.Published(model: false).Select(t => Stored(t.Name, t.Value, DType.F32))]);
            File.WriteAllText(Path.Combine(partial, ProgressFile), JsonSerializer.Serialize(progress));
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
            // An older run may lack some: they begin anew.
            foreach (var slot in weights.Layout.Slots.Where(s => s.Offset >= weights.Layout.ModelNumbers && file.Tensors.ContainsKey(s.Tensors[0].Name)))
                weights.Master.narrow(0, slot.Offset, slot.Numbers).copy_(file.Tensors[slot.Tensors[0].Name].ToTensor().view(-1));
            weights.Refresh();
        }

        var progress = Path.Combine(folder, ProgressFile);
        return File.Exists(progress) ? JsonFile.Record<Progress>(PlainFile.ReadAllBytes(progress), JsonSerializerOptions.Default, $"{progress} does not say how far training had come") : new Progress(0, 0);
    }

    /// <summary>Writes a folder beside its place and moves it there.</summary>
    public static void Replace(string folder, Action<string> write)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var (partial, old) = (folder + ".partial", folder + ".old");
        Delete(partial);
        Directory.CreateDirectory(partial);
        write(partial);
        Delete(old);
        if (Directory.Exists(folder))
            Directory.Move(folder, old);
        Directory.Move(partial, folder);
        Delete(old);
    }

    /// <summary>Copies a model folder's configuration and tokenizer; <paramref name="quantization"/> replaces what the configuration says of 8-bit weights.</summary>
    public static void CopyCompanions(string from, string to, JsonNode? quantization)
    {
        var file = Path.Combine(from, "config.json");
        var config = JsonFile.Value(PlainFile.ReadAllBytes(file), file) is { ValueKind: JsonValueKind.Object } root ? JsonObject.Create(root)! : throw new StarKvException($"{file} must hold one JSON object.");
        config.Remove("quantization_config");
        if (quantization is not null)
            config["quantization_config"] = quantization;
        File.WriteAllText(Path.Combine(to, "config.json"), config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        foreach (var name in s_companions.Where(name => File.Exists(Path.Combine(from, name))))
            File.WriteAllBytes(Path.Combine(to, name), PlainFile.ReadAllBytes(Path.Combine(from, name)));
    }

    /// <summary>A tensor's bytes in a stored type, bfloat16 by default.</summary>
    public static StoredTensor Stored(string name, Tensor value, DType type = DType.BF16)
    {
        using var scope = NewDisposeScope();
        var rounded = value.to(type == DType.BF16 ? ScalarType.BFloat16 : ScalarType.Float32).contiguous();
        return new StoredTensor(name, type, value.shape, rounded.bytes.ToArray());
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
