using System.Net;

namespace StarKV.Server.Http;

/// <summary>The address that is listened on.</summary>
internal static class ListenAddress
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="StarKvException">It is none.</exception>
    public static IPAddress Of(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new StarKvException($"{host} is no address to listen on; give an IP address such as 127.0.0.1 or 0.0.0.0, or localhost.");

    /// <summary>Refuses an address that others reach where nobody needs a key.</summary>
    /// <param name="host">The address.</param>
    /// <param name="isGuarded">Whether a key is needed, or the host's owner wants it open.</param>
    /// <exception cref="StarKvException">It is one.</exception>
    public static void Check(string host, bool isGuarded)
    {
        if (!IPAddress.IsLoopback(Of(host)) && !isGuarded)
        {
            throw new StarKvException(
                $"Others reach {host}, and no API key is set: give keys (--api-key-file, STARKV_API_KEYS), "
                    + "listen on 127.0.0.1, or say --insecure.");
        }
    }
}
