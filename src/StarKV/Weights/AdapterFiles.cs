using StarKV.Files;

namespace StarKV.Weights;

/// <summary>
/// Recognises an adapter in a model folder: changes to another model's weights, as PEFT writes them. StarKV applies none.
/// </summary>
internal static class AdapterFiles
{
    /// <summary>What to say of an adapter that was stored among the weights.</summary>
    public const string AmongWeights =
        "some tensors belong to an adapter, and adapters are not applied: merge it into the weights first (PEFT: merge_and_unload).";

    private const string Config = "adapter_config.json", Weights = "adapter_model";

    private static readonly string[] s_tensorParts = [".lora_", ".base_layer.", ".modules_to_save."];

    /// <summary>True for the name of a tensor that an adapter brings, or moves its weight to.</summary>
    public static bool IsPart(string tensor) => s_tensorParts.Any(part => tensor.Contains(part, StringComparison.Ordinal));

    /// <summary>
    /// Refuses a folder that holds one, alone or next to weights, which would else answer in the name of the tuned model.
    /// </summary>
    /// <exception cref="StarKvException">It does.</exception>
    public static void Refuse(string folder)
    {
        var names = Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList();
        if (names.Find(name => name == Config || Begins(name, Weights + ".") || Begins(name, Weights + "-")) is not { } found)
            return;
        var named = JsonFile.ReadIfPresent(Path.Combine(folder, Config))?.Text("base_model_name_or_path");
        var target = string.IsNullOrWhiteSpace(named) ? "its base model" : MessageText.Text(named);
        throw new StarKvException(
            $"{folder} holds an adapter ({MessageText.Name(found)}), and adapters are not applied. " +
            $"Merge it into {target} first (PEFT: merge_and_unload) and give the folder of the merged model" +
            (CheckpointShards.Exist(folder) ? "; or take the adapter's files out of the folder to use its weights alone." : "."));
    }

    private static bool Begins(string name, string beginning) => name.StartsWith(beginning, StringComparison.Ordinal);
}
