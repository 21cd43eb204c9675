using System.Net.Sockets;
using System.Security.Authentication;
using StarKV.Cli.Tests.Hub;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>What no waiting mends was tried six times: a header that cannot be sent, a host that does not exist, a refusal by another host.</summary>
[Trait("outside", "2.6")]
public sealed class PermanentFaultsThatWereRetried : IDisposable
{
    private readonly HubServer _server = new();
    private readonly TempFolder _cache = new();

    public void Dispose()
    {
        _server.Dispose();
        _cache.Dispose();
    }

    private async Task<string> Refusal(HttpMessageHandler? handler = null)
    {
        using var client = new HubClient(new HubSettings { Endpoint = _server.Address, CacheFolder = _cache.Path, Jobs = 1, Silence = TimeSpan.FromHours(2) }, handler, new HurriedTime(), new Random(1));
        return (await Assert.ThrowsAsync<StarKvException>(() => client.PullAsync(HubModel.Parse("org/tiny")))).Message;
    }

    public static TheoryData<string, Exception, int> Faults { get; } = new()
    {
        { "cannot be sent", new HttpRequestException("Headers cannot be sent."), 1 },
        { "no such host", new HttpRequestException(HttpRequestError.NameResolutionError, "no such host", new SocketException((int)SocketError.HostNotFound)), 1 },
        { "is not trusted", new HttpRequestException(HttpRequestError.SecureConnectionError, "see inside", new AuthenticationException("It is not trusted.")), 1 },
        { "headers too long", new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "headers too long"), 1 },
        { "try again", new HttpRequestException(HttpRequestError.NameResolutionError, "try again", new SocketException((int)SocketError.TryAgain)), HubRetry.MaxFailures },
        { "refused", new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused)), HubRetry.MaxFailures },
        { "cut", new HttpRequestException(HttpRequestError.SecureConnectionError, "cut", new IOException("cut")), HubRetry.MaxFailures },
        { "ended", new HttpIOException(HttpRequestError.ResponseEnded, "ended"), HubRetry.MaxFailures },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Only_what_may_go_better_is_tried_again(string reason, Exception fault, int tries)
    {
        using var handler = new Failing(fault);
        Assert.Contains(reason, await Refusal(handler), StringComparison.Ordinal);
        Assert.Equal(tries, handler.Tries);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(402)]
    [InlineData(405)]
    [InlineData(407)]
    [InlineData(410)]
    [InlineData(416)]
    [InlineData(451)]
    [InlineData(501)]
    [InlineData(511)]
    public async Task A_refusal_of_the_hub_is_final(int status)
    {
        _server.ListFaults.Enqueue(new Fault(status));
        Assert.Contains($"{status}", await Refusal(), StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(451)]
    public async Task A_refusal_of_the_host_that_it_sends_to_is_final(int status)
    {
        using var other = new HubServer();
        other.FileFaults.Enqueue(new Fault(status));
        _server.Redirect = other.Address;
        Assert.Contains($"to which 127.0.0.1 sends for the files of org/tiny, answered {status}", await Refusal(), StringComparison.Ordinal);
        Assert.Single(other.Requests);
    }

    private sealed class Failing(Exception fault) : HttpMessageHandler
    {
        public int Tries { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Tries++;
            return Task.FromException<HttpResponseMessage>(fault);
        }
    }
}
