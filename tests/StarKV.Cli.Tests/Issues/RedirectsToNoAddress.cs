using System.Net;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>Reliability, found by fuzzing: a hub that redirects to what is no address was an internal error.</summary>
public sealed class RedirectsToNoAddress
{
    [Theory]
    [InlineData("http://[")]
    [InlineData("http://a b/")]
    [InlineData("//:1")]
    public async Task Are_refused_with_the_text(string location)
    {
        using var cache = new TempFolder();
        using var client = new HubClient(new HubSettings { CacheFolder = cache.Path }, new Redirecting(location));
        var error = await Assert.ThrowsAsync<StarKvException>(() => client.PullAsync(HubModel.Parse("ORG/NAME")));
        Assert.Contains("huggingface.co", error.Message, StringComparison.Ordinal);
    }

    private sealed class Redirecting(string location) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.Found) { RequestMessage = request };
            response.Headers.TryAddWithoutValidation("Location", location);
            return Task.FromResult(response);
        }
    }
}
