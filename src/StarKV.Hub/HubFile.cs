using System.Security.Cryptography;
using System.Text;

namespace StarKV.Hub;

/// <summary>A file of a model as the hub lists it.</summary>
/// <param name="Path">Its path in the repository, with slashes.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Hash">SHA-256 of a large file (64 hexadecimal digits), git's SHA-1 of a small one (40); also its name in the cache.</param>
public sealed record HubFile(string Path, long Size, string Hash)
{
    internal const int Sha256Digits = 64;
    internal const int Sha1Digits = 40;

    /// <summary>False for a file of which a list gives the name alone.</summary>
    internal bool IsComplete => Size >= 0;

    /// <summary>A file whose size and hash are to be asked for.</summary>
    internal static HubFile NameOnly(string path) => new(path, -1, "");

    /// <summary>Begins the hash that the file's whole content must have.</summary>
    internal IncrementalHash BeginHash()
    {
        if (Hash.Length == Sha256Digits)
            return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // git names a blob by the SHA-1 of its length and its content.
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {Size}\0"));
        return hash;
    }
}
