using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>The keys that clients may send. Each is compared in a time that does not depend on how much of it is right.</summary>
/// <param name="keys">The keys; none where nobody needs one.</param>
internal sealed class ApiKeys(IReadOnlyList<string> keys)
{
    private const string Prefix = "Bearer ";

    private readonly byte[][] _hashes = [.. keys.Distinct().Select(Hash)];

    /// <summary>Whose request it is: what tells the key's sessions from those of others.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="ApiException">It has no key, or a wrong one.</exception>
    public string ScopeOf(HttpRequest request)
    {
        if (_hashes.Length == 0)
            return "";
        var header = request.Headers.Authorization.ToString();
        var sent = Hash(header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : "");
        var found = -1;
        for (var i = 0; i < _hashes.Length; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(_hashes[i], sent))
                found = i;
        }

        return found >= 0
            ? Convert.ToHexString(_hashes[found])
            : throw new ApiException(
                401, "authentication_error", "invalid_api_key",
                "The request has no API key, or a wrong one; send Authorization: Bearer KEY with a key that the server was started with.")
            {
                Headers = [("WWW-Authenticate", "Bearer")],
            };
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
