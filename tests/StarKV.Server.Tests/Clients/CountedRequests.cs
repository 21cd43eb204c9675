using System.Diagnostics;
using System.Net;

namespace StarKV.Server.Tests.Clients;

/// <summary>What a client really sends, and when.</summary>
internal sealed class CountedRequests : DelegatingHandler
{
    private readonly List<(TimeSpan At, HttpStatusCode Status, TimeSpan Took)> _seen = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public CountedRequests()
        : base(new HttpClientHandler())
    {
    }

    /// <summary>When each request began, what it was answered, and how long that took.</summary>
    public IReadOnlyList<(TimeSpan At, HttpStatusCode Status, TimeSpan Took)> Seen => _seen;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var at = _watch.Elapsed;
        var response = await base.SendAsync(request, cancellationToken);
        _seen.Add((at, response.StatusCode, _watch.Elapsed - at));
        return response;
    }
}
