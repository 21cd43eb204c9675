using System.Security.Cryptography;
using System.Text;

namespace StarKV.Fuzz.Seeds;

/// <summary>A model on a hub: two files and the list of them.</summary>
internal static class HubFiles
{
    private static readonly byte[] s_config = "{}"u8.ToArray(), s_weights = "weights"u8.ToArray();

    /// <summary>The list as a hub sends it.</summary>
    public static byte[] List() => Encoding.UTF8.GetBytes(
        $$$"""
        {"id":"ORG/NAME","sha":"{{{new string('a', 40)}}}","siblings":[
         {"rfilename":"config.json","size":{{{s_config.Length}}},"blobId":"{{{Blob(s_config)}}}"},
         {"rfilename":"model.safetensors","size":134,"blobId":"{{{Blob(s_weights)}}}","lfs":{"sha256":"{{{Convert.ToHexStringLower(SHA256.HashData(s_weights))}}}","size":{{{s_weights.Length}}},"pointerSize":134}}]}
        """);

    /// <summary>A file's content; null when there is no such file.</summary>
    public static byte[]? Content(string name) => name switch
    {
        "config.json" => s_config,
        "model.safetensors" => s_weights,
        _ => null,
    };

    // git names a blob by its length and its content.
#pragma warning disable CA5350
    private static string Blob(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
}
