using System.Security.Cryptography;
using System.Text;

namespace StarKV.Server.Responses;

/// <summary>Ids that are known to be given by this process, to one key, also when what they named is forgotten.</summary>
internal sealed class ResponseId
{
    private const string Prefix = "resp_";
    private const int RandomDigits = 32, ProofDigits = 16;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>A new id.</summary>
    /// <param name="scope">Whose it is.</param>
    public string Next(string scope)
    {
        var random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
        return $"{Prefix}{random}{Proof(random, scope)}";
    }

    /// <summary>Whether an id was given to a key.</summary>
    public bool WasGiven(string id, string scope) =>
        id.Length == Prefix.Length + RandomDigits + ProofDigits && id.StartsWith(Prefix, StringComparison.Ordinal)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(id[^ProofDigits..]), Encoding.UTF8.GetBytes(Proof(id.Substring(Prefix.Length, RandomDigits), scope)));

    private string Proof(string random, string scope) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{scope} {random}")).AsSpan(0, ProofDigits / 2));
}
