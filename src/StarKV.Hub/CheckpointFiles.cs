using System.IO.Enumeration;
using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>Which files of a repository make a checkpoint. Code and other weight formats are left where they are.</summary>
internal static class CheckpointFiles
{
    private static readonly string[] s_patterns =
    [
        "config*.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "starkv.json",
        "tokenizer*.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "tiktoken.model",
        "chat_template*", "*.safetensors", "*.safetensors.index.json",
    ];

    /// <summary>The checkpoint's files and those that a glob names; <c>*</c> also matches slashes.</summary>
    /// <exception cref="StarKvException">The repository holds no safetensors checkpoint, or a glob names nothing.</exception>
    public static IReadOnlyList<HubFile> Choose(HubModel model, IReadOnlyList<HubFile> files, IReadOnlyList<string> include)
    {
        if (!files.Any(f => f.Path == "config.json") && files.Any(f => f.Path == "adapter_config.json"))
            throw new StarKvException($"{model} is an adapter, not a model, and adapters are not applied. " +
                $"Merge it into its base model first (PEFT: merge_and_unload) and give the folder of the merged model.");
        if (!files.Any(f => f.Path == "config.json") || !files.Any(
            f => IsPart(f) && f.Path.EndsWith(".safetensors", StringComparison.Ordinal)))
            throw new StarKvException($"{model} holds no checkpoint: config.json and .safetensors files are needed. " +
                $"Other formats must be converted first.");
        if (include.FirstOrDefault(glob => !files.Any(f => Matches(glob, f))) is { } idle)
            throw new StarKvException($"{model} has no file that matches --include {idle}.");
        return [.. files.Where(f => IsPart(f) || include.Any(glob => Matches(glob, f)))];
    }

    private static bool IsPart(HubFile file) => !file.Path.Contains('/') && s_patterns.Any(pattern => Matches(pattern, file));

    private static bool Matches(string glob, HubFile file) => FileSystemName.MatchesSimpleExpression(glob, file.Path, ignoreCase: false);
}
