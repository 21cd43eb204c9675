using System.Security.Cryptography;
using System.Text;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Files;

namespace StarKV.Evaluation.Runs;

/// <summary>
/// Tells one checkpoint from another without reading gigabytes: SHA-256 over the small files and over pieces of the large ones.
/// </summary>
public static class ModelFingerprint
{
    private const int Piece = 1 << 20, Pieces = 32;

    /// <summary>
    /// The first 16 hex digits for a model folder: names and sizes of its JSON, safetensors
    /// and tiktoken files, and of each up to 32 pieces of 1 MiB, evenly spread.
    /// </summary>
    public static string Of(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Piece];
        foreach (var path in DataFiles.Of(folder, "*").Where(f => Path.GetExtension(f) is ".json" or ".safetensors" or ".model"))
        {
            using var file = PlainFile.Open(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(path)} {file.Length}\n"));
            var last = Math.Max(0, file.Length - Piece);
            foreach (var start in Enumerable.Range(0, Pieces).Select(i => last * i / (Pieces - 1)).Distinct())
            {
                file.Position = start;
                hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, Piece, throwOnEndOfStream: false));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
