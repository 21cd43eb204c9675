using System.Net;
using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>
/// On this machine's own addresses, refuses what a page in a browser could send: names that an attacker's DNS points here, and other
/// pages' origins.
/// </summary>
internal static class LocalOnly
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="ApiException">Its host or origin is not this machine.</exception>
    public static void Check(HttpRequest request)
    {
        if (!IsLocal(request.Host.Host))
            throw Refused($"The host {request.Host.Host} is not this machine, on whose own address the server listens; ask 127.0.0.1.");
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLocal(page.Host)))
            throw Refused("Pages of other origins may not ask this server, which listens on this machine's own address.");
    }

    /// <summary>Whether an address or name is this machine's own.</summary>
    public static bool IsLocal(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static ApiException Refused(string message) => new(403, "permission_error", "not_allowed", message);
}
