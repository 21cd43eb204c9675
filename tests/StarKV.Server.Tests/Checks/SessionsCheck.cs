using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.Checks;

/// <summary>Sessions side by side, and clients that leave, change nobody's answer; keys share nothing.</summary>
[Collection(ServerTests.Name)]
public sealed class SessionsCheck(ServerOfTests server)
{
    private const int Steps = 4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<List<string>> Run(int number, string name, Func<IEnumerable<JsonNode>, Task>? before = null)
    {
        List<JsonNode> messages = [Api.Text("user", $"Task {number}: choose \"Confirm Orders\" in the \"Tasks\" menu.")];
        var answers = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            messages.Add(Api.Shows(number + step));
            if (step > 1)
                messages.Remove(messages.First(m => m["content"] is JsonArray));
            if (before is not null)
                await before(messages);
            using var response = await server.Client.Post("/v1/chat/completions", Api.Chat([.. messages]), name);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            answers.Add((await response.Json()).Content());
            messages.Add(Api.Text("assistant", answers[^1]));
        }

        return answers;
    }

    [Fact]
    public async Task Sessions_side_by_side_answer_as_each_does_alone()
    {
        var (counts, same) = (CheckRun.Folder is null ? new[] { 1, 4 } : [1, 4, 16], 0);
        var alone = new Dictionary<int, List<string>>();
        foreach (var count in counts)
        {
            var together = await Task.WhenAll(Enumerable.Range(0, count).Select(i => Run(i, $"together-{count}-{i}")));
            for (var i = 0; i < count; i++)
            {
                if (!alone.TryGetValue(i, out var expected))
                    alone[i] = expected = await Run(i, $"alone-{i}");
                Assert.Equal(expected, together[i]);
                same += Steps;
            }
        }

        CheckRun.Tell("17-side-by-side", $"{string.Join(", ", counts)} sessions at a time, {Steps} steps each, against each alone", same, "all answers equal");
    }

    [Fact]
    public async Task After_clients_that_left_a_session_answers_as_if_they_had_not()
    {
        var (times, random, left) = (CheckRun.Times(6, 1000), new Random(4), 0);
        var expected = await Run(0, "undisturbed");
        var tensors = server.Agent.LiveTensors;
        var stops = new List<TimeSpan>();
        var rounds = (times + Steps - 1) / Steps;
        for (var round = 0; round < rounds; round++)
        {
            var name = $"left-{round}";
            var answers = await Run(0, name, messages => Leave(name, messages));
            Assert.Equal(expected, answers);
        }

        while (server.Agent.EngineLoad.Running > 0)
            await Task.Delay(1, Stop);
        Assert.Equal((0, 0L), (server.Agent.EngineLoad.Waiting, server.Agent.EngineLoad.PromisedBytes));
        Assert.NotEmpty(stops);
        CheckRun.Tell(
            "04-leaving", "clients that leave at a random time, streamed and not, before each step of a session: two thirds of them from this very step", rounds * Steps,
            FormattableString.Invariant($"{left} left before the end; every later answer equal to an undisturbed run; device idle after p99 {CheckRun.Percentile(stops, 0.99).TotalMilliseconds:0} ms; live tensors as before each time, no bytes promised any more"));

        async Task Leave(string name, IEnumerable<JsonNode> messages)
        {
            // The step that is taken next, in its session or in another one beside it.
            var body = Api.Chat([.. messages]);
            (body["max_tokens"], body["stream"]) = (64, random.Next(2) == 0);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            patience.CancelAfter(random.Next(1, 250));
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
                {
                    Content = new StringContent(body.ToJsonString()),
                };
                request.Headers.Add("X-Session-Id", random.Next(3) > 0 ? name : Guid.NewGuid().ToString());
                using var response = await server.Client.SendAsync(request, patience.Token);
            }
            catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
            {
                left++;
                var watch = System.Diagnostics.Stopwatch.StartNew();
                while (server.Agent.EngineLoad.Running > 0)
                    await Task.Delay(1, Stop);
                stops.Add(watch.Elapsed);
                Assert.Equal(tensors, server.Agent.LiveTensors);
            }
        }
    }

    [Fact]
    public async Task Keys_share_no_rows()
    {
        await using var guarded = await server.Another(ServerOfTests.Options with { ApiKeys = ["one", "two"] });
        using var client = ServerOfTests.ClientOf(guarded);
        var chat = Api.Chat(Api.Text("user", "Choose \"Confirm Orders\" in the \"Tasks\" menu."), Api.Shows(0));
        foreach (var session in new[] { null, "shared" })
        {
            foreach (var key in new[] { "one", "two" })
            {
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
                using var response = await client.Post("/v1/chat/completions", chat, session);
                var usage = (await response.Json()).GetProperty("usage");
                Assert.Equal(0, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
                using var list = await client.GetAsync("/v1/sessions", Stop);
                Assert.Equal(session is null ? 1 : 2, (await list.Json()).GetProperty("data").GetArrayLength());
            }
        }

        CheckRun.Tell("18-keys", "one request under two keys, with a session's name and without", 4, "`cached_tokens` 0 for each, no session seen by the other");
    }
}
