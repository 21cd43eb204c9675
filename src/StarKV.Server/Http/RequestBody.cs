using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>Reads a request's body into one array, of which texts are not copied again.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 64 << 10;

    /// <summary>Reads it.</summary>
    /// <param name="request">The request; the server's limit of a body is on it.</param>
    /// <param name="cancellation">The client left.</param>
    /// <exception cref="ApiException">It is compressed.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding.ToString() is not ("" or "identity"))
            throw ApiException.Invalid("invalid_json", "The body is compressed; send it as it is.");
        var bytes = new byte[request.ContentLength is > 0 and <= int.MaxValue and var length ? (int)length : FirstBytes];
        var read = 0;
        while (true)
        {
            if (read == bytes.Length)
            {
                // A body of the length that was said ends here.
                if (read == request.ContentLength)
                    break;
                Array.Resize(ref bytes, checked(2 * bytes.Length));
            }

            var count = await request.Body.ReadAsync(bytes.AsMemory(read), cancellation).ConfigureAwait(false);
            if (count == 0)
                break;
            read += count;
        }

        return bytes.AsMemory(0, read);
    }
}
