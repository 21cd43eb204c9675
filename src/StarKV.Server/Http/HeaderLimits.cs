using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>
/// How large a request's headers may be. The web server refuses without a body; it is left some room above, so that a body tells of most.
/// </summary>
internal static class HeaderLimits
{
    private const int Most = 100, MostBytes = 32 << 10, Room = 4;

    /// <summary>Has the web server read more than is taken.</summary>
    /// <param name="limits">The web server's limits.</param>
    public static void LeaveRoom(KestrelServerLimits limits) =>
        (limits.MaxRequestHeaderCount, limits.MaxRequestHeadersTotalSize) = (Room * Most, Room * MostBytes);

    /// <summary>Checks a request's headers.</summary>
    /// <param name="headers">The headers.</param>
    /// <exception cref="ApiException">There are too many, or they are too large.</exception>
    public static void Check(IHeaderDictionary headers)
    {
        var (count, bytes) = (0, 0);
        foreach (var (name, values) in headers)
        {
            count += values.Count;
            bytes += values.Sum(v => name.Length + (v?.Length ?? 0));
        }

        if (count > Most || bytes > MostBytes)
        {
            throw new ApiException(
                431, "invalid_request_error", "headers_too_large",
                $"The request has {count} headers of {bytes} bytes; the server takes {Most} of {MostBytes}. "
                    + "Send what is large in the body.");
        }
    }
}
