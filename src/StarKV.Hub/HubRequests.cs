using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using StarKV.Files;
using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>
/// Sends requests to the hub: follows redirects, keeps the token at the hub's own address, turns refusals into sentences.
/// </summary>
internal sealed class HubRequests(HttpClient http, HubSettings settings, TimeProvider time)
{
    private const int MaxRedirects = 5;

    /// <summary>The address of the list of a revision's files.</summary>
    public Uri ListAddress(HubModel model) =>
        new($"{Root}/api/models/{model.Id}/revision/{Uri.EscapeDataString(model.Revision)}?blobs=true");

    /// <summary>The address of a file at a commit.</summary>
    public Uri FileAddress(HubModel model, string commit, string path) =>
        new($"{Root}/{model.Id}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    private string Root => settings.Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>Asks for the bytes from <paramref name="from"/> on and returns a successful answer, its body unread.</summary>
    /// <exception cref="HubBusyException">It may go better later.</exception>
    /// <exception cref="StarKvException">It will not.</exception>
    public async Task<HttpResponseMessage> GetAsync(HubModel model, Uri address, long from, CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            var response = await SendAsync(HttpMethod.Get, address, from, cancellation).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                address = Next(model, address, from, response);
        }

        throw new StarKvException($"{settings.Endpoint.Host} redirects {model} more than {MaxRedirects} times.");
    }

    /// <summary>
    /// Size and hash of a file by the hub's headers of it, as far as they are there: the hub's own answer, not that of another host to
    /// which it sends.
    /// </summary>
    /// <exception cref="HubBusyException">It may go better later.</exception>
    /// <exception cref="StarKvException">It will not.</exception>
    public async Task<(long? Size, string? Hash)> HeadAsync(HubModel model, Uri address, CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MaxRedirects && IsHub(address); hop++)
        {
            using var response = await SendAsync(HttpMethod.Head, address, 0, cancellation).ConfigureAwait(false);
            var linked = Header(response, "X-Linked-ETag");
            if (linked is not null || response.IsSuccessStatusCode)
            {
                var size = long.TryParse(Header(response, "X-Linked-Size"), CultureInfo.InvariantCulture, out var bytes) ? bytes
                    : response.IsSuccessStatusCode && !HubBody.IsEncoded(response) ? response.Content.Headers.ContentLength : null;
                return (size, (linked ?? Header(response, "ETag"))?.Trim('"'));
            }

            // Not every mirror answers such a question.
            if (response.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
                break;
            address = Next(model, address, 0, response);
        }

        return (null, null);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("starkv", "0.1"));
        // Lengths, places and hashes are those of the file as it is.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        // Large files lie on other hosts, whose addresses are signed: they need no token and must not learn it.
        if (settings.Token is { } token && IsHub(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
    }

    /// <summary>Where an answer redirects to; what is no redirect is a refusal.</summary>
    private Uri Next(HubModel model, Uri address, long from, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is null)
            throw Failure(model, address, from, response);
        if (!Uri.TryCreate(address, response.Headers.Location, out var next))
            throw new StarKvException($"{address.Host} redirects {model} to " +
                $"{MessageText.Name(response.Headers.Location.OriginalString)}, which is no address; nothing was fetched.");
        return next.Scheme == address.Scheme || next.Scheme == Uri.UriSchemeHttps
            ? next
            : throw new StarKvException($"{address.Host} redirects {model} to {next.Scheme}, which is not safe; " +
                $"nothing was fetched from there.");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private bool IsHub(Uri address) =>
        Uri.Compare(
            address, settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private Exception Failure(HubModel model, Uri address, long from, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var code = Header(response, "X-Error-Code");
        var isHub = IsHub(address);
        // A signed address on another host expires; the hub gives a new one.
        if (status is 408 or 429 or (>= 500 and not (501 or 505 or 511)) || (!isHub && status is 400 or 401 or 403 or 410))
            return new HubBusyException($"{address.Host} answered {status}", RetryAfter(response));
        return response.StatusCode switch
        {
            HttpStatusCode.RequestedRangeNotSatisfiable when from > 0 => new HubPartException($"{address.Host} does not have the rest " +
                $"of the file"),
            HttpStatusCode.NetworkAuthenticationRequired => new StarKvException($"The network asks for a login before {address.Host} " +
                $"can be reached (511). Log in with a browser and try again."),
            HttpStatusCode.ProxyAuthenticationRequired => new StarKvException($"The proxy before {address.Host} asks for a name and a " +
                $"password (407). Give them in HTTPS_PROXY."),
            _ when !isHub => new StarKvException($"{address.Host}, to which {settings.Endpoint.Host} sends for the files of " +
                $"{model.Id}, answered {status}; nothing can be fetched from there."),
            HttpStatusCode.NotFound when code == "RevisionNotFound" => new StarKvException($"{model.Id} has no revision " +
                $"{model.Revision}; give a branch, a tag or a commit with --revision."),
            HttpStatusCode.NotFound => new StarKvException($"{Root} has no model {model.Id} with the " +
                $"revision {model.Revision}; check both."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new StarKvException(
                $"{Root} refuses {model.Id} ({status}): it is gated, private or not there. " +
                    $"Accept its licence at {Root}/{model.Id} and set HF_TOKEN to a token that may read it" +
                (settings.Token is null ? "; none is set." : "; the one that is set may not.")),
            _ => new StarKvException($"{address.Host} answered {status} for {model.Id}, which cannot be used."),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        return header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
    }

    /// <summary>The first byte that a partial answer holds; 0 for a whole one.</summary>
    public static long Start(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.PartialContent
        ? response.Content.Headers.ContentRange?.From ?? throw new HubBusyException("a part of the file came without its place")
        : 0;
}
