using System.Diagnostics;
using System.Net;
using StarKV.Schedule;
using StarKV.Server.Tests.Http;
using StarKV.Server.Tests.Serve;

namespace StarKV.Server.Tests.Checks;

/// <summary>More requests than are taken, equal requests of clients that lose patience, and a signal under load.</summary>
[Collection(ServerTests.Name)]
public sealed class LoadCheck
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bursts_are_refused_at_once_and_with_a_time_to_come_again()
    {
        var (bursts, size) = (CheckRun.Times(3, 1000), CheckRun.Times(40, 200));
        var engine = new EngineOptions { MaxRunning = 2, MaxWaiting = 4 };
        using var agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu", engine: engine);
        await using var server = await StarKvServer.StartAsync(agent, ServerOfTests.Options, engine, cancellation: Stop);
        using var client = ServerOfTests.ClientOf(server);
        var body = Api.Chat(Api.Text("user", "hi"));
        body["max_tokens"] = 4;
        var (refused, answered) = (new List<TimeSpan>(), 0);
        for (var burst = 0; burst < bursts; burst++)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, size).Select(async _ =>
            {
                var watch = Stopwatch.StartNew();
                using var response = await client.Post("/v1/chat/completions", body);
                return (response.StatusCode, RetryAfter: response.Header("Retry-After"), watch.Elapsed);
            }));
            Assert.All(all, a => Assert.Contains(a.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
            Assert.All(all.Where(a => a.StatusCode != HttpStatusCode.OK), a => Assert.InRange(int.Parse(a.RetryAfter), 1, 60));
            refused.AddRange(all.Where(a => a.StatusCode != HttpStatusCode.OK).Select(a => a.Elapsed));
            answered += all.Count(a => a.StatusCode == HttpStatusCode.OK);
        }

        Assert.True(answered >= bursts * 2 && refused.Count > 0);
        CheckRun.Tell(
            "08-bursts", $"bursts of {size} requests to a server that works on 2 and lets 4 wait", bursts,
            FormattableString.Invariant($"{answered} answered, {refused.Count} refused with 429 and `Retry-After`, seen by a client in the same process after p50 {CheckRun.Percentile(refused, 0.5).TotalMilliseconds:0} ms, p99 {CheckRun.Percentile(refused, 0.99).TotalMilliseconds:0} ms; no other status"));
    }

    [Fact]
    public async Task A_storm_of_retries_computes_each_step_once()
    {
        var (rounds, clients) = (CheckRun.Times(2, 10), CheckRun.Times(8, 32));
        using var agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu");
        await using var server = await StarKvServer.StartAsync(agent, ServerOfTests.Options, cancellation: Stop);
        using var client = ServerOfTests.ClientOf(server);
        var (random, gaveUp) = (new Random(7), 0);
        for (var round = 0; round < rounds; round++)
        {
            var body = Api.Chat(Api.Text("user", $"Task {round}"), Api.Shows(round), Api.Shows(round + 1));
            body["max_tokens"] = 64;
            var patience = Enumerable.Range(0, clients).Select(i => i == 0 ? 600_000 : random.Next(5, 400)).ToList();
            await Task.WhenAll(patience.Select(ms => Ask(body.ToJsonString(), $"storm-{round}", ms)));
            using var session = await client.GetAsync($"/v1/sessions/storm-{round}", Stop);
            Assert.Equal(1, (await session.Json()).GetProperty("steps").GetInt32());
        }

        Assert.Equal(0, agent.EngineLoad.Waiting);
        CheckRun.Tell(
            "07-storm", $"rounds of {clients} equal requests of one session, all but one of whose clients give up within 0.4 s", rounds,
            $"each step computed once; {gaveUp} clients gave up before its end");

        async Task Ask(string body, string session, int milliseconds)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body) };
            request.Headers.Add("X-Session-Id", session);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            stop.CancelAfter(milliseconds);
            try
            {
                using var response = await client.SendAsync(request, stop.Token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
            catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref gaveUp);
            }
        }
    }

    [Fact]
    public async Task A_signal_under_sixteen_streams_lets_all_of_them_end()
    {
        var streams = CheckRun.Times(6, 16);
        using var serve = new ServeProcess("--drain-notice", "1");
        var answers = Enumerable.Range(0, streams).Select(async i =>
        {
            var body = Api.Chat(Api.Text("user", $"Tell me everything about {i}"), Api.Shows(i));
            (body["max_tokens"], body["temperature"], body["stream"]) = (100, 1.5, true);
            using var response = await serve.Client.Post("/v1/chat/completions", body);
            return await response.Content.ReadAsStringAsync(Stop);
        }).ToList();
        // All are on their way.
        await Task.WhenAny(answers);
        await Task.Delay(200, Stop);
        serve.Signal("TERM");
        var texts = await Task.WhenAll(answers);
        Assert.All(texts, t => Assert.EndsWith("data: [DONE]\n\n", t, StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
            {
                using var late = await serve.Client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", "late")));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
            }
        });
        Assert.Equal(0, serve.Ended().Code);
        CheckRun.Tell("11-signal", "SIGTERM to a process that writes streams", streams, "all streams done; later requests 503, then refused; exit code 0");
    }
}
