using System.Globalization;
using System.Text.RegularExpressions;

namespace StarKV.Server.Tests.Http;

[Collection(ServerTests.Name)]
public sealed class MetricsTests(ServerOfTests server)
{
    private static async Task<double> Value(HttpClient client, string metric, string labels)
    {
        var text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var lines = text.Split('\n').Where(l => l.StartsWith($"{metric}{{", StringComparison.Ordinal) && l.Contains(labels, StringComparison.Ordinal));
        return lines.Sum(l => double.Parse(Regex.Match(l, @"\} (\S+)").Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Steps_requests_and_tokens_are_counted()
    {
        await using var own = await server.Another(ServerOfTests.Options);
        using var client = ServerOfTests.ClientOf(own);
        var (steps, requests) = ("starkv_server_steps_total", "starkv_server_requests_total");
        var before = (await Value(client, steps, "outcome=\"new\""), await Value(client, requests, "status=\"200\""), await Value(client, requests, "status=\"400\""));
        var chat = Api.Chat(Api.Text("user", Guid.NewGuid().ToString()), Api.Shows(0));
        using (await client.Post("/v1/chat/completions", chat, Guid.NewGuid().ToString()))
        using (await client.PostText("/v1/chat/completions", "{}"))
        {
            // The exporter answers anew when its last answer is older than 300 ms.
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            Assert.Equal(before.Item1 + 1, await Value(client, steps, "outcome=\"new\""));
            Assert.True(await Value(client, requests, "status=\"200\"") > before.Item2);
            Assert.Equal(before.Item3 + 1, await Value(client, requests, "status=\"400\""));
            Assert.True(await Value(client, "starkv_server_tokens_total", "kind=\"prompt\"") > 0);
            Assert.True(await Value(client, "starkv_server_sessions", "state=\"idle\"") > 0);
            Assert.True(await Value(client, "starkv_requests", "state=\"waiting\"") >= 0);
        }
    }

    [Fact]
    public async Task Of_two_servers_in_a_process_each_tells_its_own_counts_and_outlives_the_other()
    {
        const string requests = "starkv_server_requests_total";
        await using var own = await server.Another(ServerOfTests.Options);
        using var client = ServerOfTests.ClientOf(own);
        await using (var other = await server.Another(ServerOfTests.Options))
        {
            using var otherClient = ServerOfTests.ClientOf(other);
            for (var i = 0; i < 3; i++)
            {
                using (await client.PostText("/v1/chat/completions", "{}"))
                using (await otherClient.PostText("/v1/responses", "{}"))
                {
                }
            }

            await Task.Delay(1000, TestContext.Current.CancellationToken);
            Assert.Equal(3, await Value(client, requests, "status=\"400\""));
            Assert.Equal(3, await Value(otherClient, requests, "status=\"400\""));
        }

        using (await client.PostText("/v1/chat/completions", "{}"))
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            Assert.Equal(4, await Value(client, requests, "status=\"400\""));
        }
    }
}
