using System.Diagnostics;
using System.Net;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.Serve;

public sealed class ServeProcessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_lets_what_runs_finish_and_ends_with_0(string signal)
    {
        using var serve = new ServeProcess("--name", "mini", "--max-answer", "64");
        Assert.EndsWith(" answers for mini on cpu", serve.FirstLine, StringComparison.Ordinal);
        using (var first = await serve.Client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", "hi"), Api.Shows(0))))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var running = serve.Client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", "hi"), Api.Shows(1), Api.Shows(2)));
        // The request is on its way before the signal: a connection is kept, and this one follows on it.
        await Task.Delay(100, Stop);
        serve.Signal(signal);
        using (var response = await running)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var (code, errors) = serve.Ended();
        Assert.Equal(0, code);
        Assert.Contains("A second signal ends at once.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_at_once()
    {
        using var serve = new ServeProcess("--drain-notice", "600");
        serve.Signal("TERM");
        using (var ready = await Draining(serve.Client))
            Assert.NotEmpty(ready.Header("Retry-After"));
        var watch = Stopwatch.StartNew();
        serve.Signal("TERM");
        Assert.Equal(1, serve.Ended().Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Keys_come_from_a_file_and_from_the_environment()
    {
        using var temp = new TempFolder();
        var keys = temp.Write("keys.txt", "# mine\nsecret-one\n\n"u8.ToArray());
        var environment = new Dictionary<string, string> { ["STARKV_API_KEYS"] = "secret-two, secret-three" };
        using var serve = new ServeProcess(environment, ["--api-key-file", keys]);
        using (var refused = await serve.Client.GetAsync("/v1/models", Stop))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        foreach (var key in new[] { "secret-one", "secret-two", "secret-three" })
        {
            serve.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            using var taken = await serve.Client.GetAsync("/v1/models", Stop);
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    public void A_variable_without_a_key_guards_nothing_and_is_refused(string text)
    {
        var environment = new Dictionary<string, string> { ["STARKV_API_KEYS"] = text };
        var e = Assert.Throws<InvalidOperationException>(() => new ServeProcess(environment, []));
        Assert.Contains("STARKV_API_KEYS is set and holds no key", e.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Draining(HttpClient client)
    {
        while (true)
        {
            var ready = await client.GetAsync("/health/ready", Stop);
            if (ready.StatusCode == HttpStatusCode.ServiceUnavailable)
                return ready;
            ready.Dispose();
            await Task.Delay(10, Stop);
        }
    }
}
