using System.Buffers.Binary;
using System.Security.Cryptography;
using StarKV.Text;

namespace StarKV.Evaluation.Runs;

/// <summary>Tells prompts from one another.</summary>
internal static class PromptHash
{
    /// <summary>SHA-256 over a prompt's token ids, 64 hex digits.</summary>
    public static string Of(TokenMap prompt)
    {
        var bytes = new byte[4 * prompt.Length];
        for (var i = 0; i < prompt.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), prompt.Ids[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
