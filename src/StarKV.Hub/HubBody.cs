using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using StarKV.Files;

namespace StarKV.Hub;

/// <summary>What an answer's headers say of its body: a page in its place, another length, an encoding that was not asked for.</summary>
internal static class HubBody
{
    /// <summary>True when the body is encoded, so that lengths and places in the headers are not the file's.</summary>
    public static bool IsEncoded(HttpResponseMessage response) => Encodings(response).Length > 0;

    /// <summary>Opens the body, its encoding undone.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">What it should hold, for the message.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="StarKvException">The encoding is none that can be undone.</exception>
    public static async Task<Stream> OpenAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        var encodings = Encodings(response);
        if (encodings is not ([] or ["gzip" or "x-gzip" or "deflate"]))
            throw new StarKvException($"{Host(response)} sends {what} with the Content-Encoding " +
                $"{MessageText.Text(string.Join(", ", encodings))}, although none was asked for; only gzip " +
                    $"and deflate can be undone. {OtherAddress}");
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        return encodings switch
        {
            [] => body,
            ["deflate"] => new ZLibStream(body, CompressionMode.Decompress),
            _ => new GZipStream(body, CompressionMode.Decompress),
        };
    }

    /// <summary>Reads on in an opened body; 0 at its end.</summary>
    /// <exception cref="StarKvException">The body is not encoded as the headers say.</exception>
    public static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, string what, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new StarKvException($"{what} came in another form than its Content-Encoding says: " +
                $"{e.Message.TrimEnd('.')}. {OtherAddress}", e);
        }
    }

    /// <summary>Refuses a page, or a body of another length, in place of a file.</summary>
    /// <exception cref="StarKvException">The headers tell of something else than the file.</exception>
    public static void CheckIsFile(HttpResponseMessage response, HubFile file)
    {
        var headers = response.Content.Headers;
        var length = response.StatusCode == HttpStatusCode.PartialContent
            ? headers.ContentRange?.Length
            : IsEncoded(response)
            ? null
            : headers.ContentLength;
        // A server may call anything a page; the right length speaks for the file, and its hash is checked in the end.
        if (length == file.Size || (length is null && (!IsPage(headers) || file.Path.EndsWith(".html", StringComparison.Ordinal))))
            return;
        throw IsPage(headers)
            ? Page(response, file.Path)
            : new StarKvException($"{Host(response)} sends {length:N0} bytes as {file.Path}, which has {file.Size:N0}: " +
                $"it is not that file. {OtherAddress}");
    }

    /// <summary>Refuses a page in place of something else.</summary>
    /// <exception cref="StarKvException">It is a page.</exception>
    public static void CheckIsNoPage(HttpResponseMessage response, string what)
    {
        if (IsPage(response.Content.Headers))
            throw Page(response, what);
    }

    private const string OtherAddress = "Give another address in HF_ENDPOINT or --endpoint.";

    private static string[] Encodings(HttpResponseMessage response) =>
        [.. response.Content.Headers.ContentEncoding.Select(e => e.Trim().ToLowerInvariant()).Where(e => e is not ("" or "identity"))];

    private static bool IsPage(HttpContentHeaders headers) => headers.ContentType?.MediaType is { } type
        && (type.Equals("text/html", StringComparison.OrdinalIgnoreCase) || type.Equals(
            "application/xhtml+xml", StringComparison.OrdinalIgnoreCase));

    private static StarKvException Page(HttpResponseMessage response, string what) => new(
        $"{Host(response)} sends a page ({response.Content.Headers.ContentType}) instead of {what}: the network may ask for a login, " +
            $"or the address is no hub. Open it in a browser, or give another in HF_ENDPOINT or --endpoint.");

    private static string Host(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.Host ?? "The hub";
}
