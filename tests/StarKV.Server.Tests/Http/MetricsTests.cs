using System.Globalization;
using System.Text.RegularExpressions;

namespace StarKV.Server.Tests.Http;

[Collection(ServerTests.Name)]
public sealed class MetricsTests(ServerOfTests server)
{
    private async Task<double> Value(string metric, string labels)
    {
        var text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var lines = text.Split('\n').Where(l => l.StartsWith($"{metric}{{", StringComparison.Ordinal) && l.Contains(labels, StringComparison.Ordinal));
        return lines.Sum(l => double.Parse(Regex.Match(l, @"\} (\S+)").Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Steps_requests_and_tokens_are_counted()
    {
        var (steps, requests) = ("starkv_server_steps_total", "starkv_server_requests_total");
        var before = (await Value(steps, "outcome=\"new\""), await Value(requests, "status=\"200\""), await Value(requests, "status=\"400\""));
        var chat = Api.Chat(Api.Text("user", Guid.NewGuid().ToString()), Api.Shows(0));
        using (await server.Client.Post("/v1/chat/completions", chat, Guid.NewGuid().ToString()))
        using (await server.Client.PostText("/v1/chat/completions", "{}"))
        {
            // The exporter answers anew when its last answer is older than 300 ms.
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            Assert.Equal(before.Item1 + 1, await Value(steps, "outcome=\"new\""));
            Assert.True(await Value(requests, "status=\"200\"") > before.Item2);
            Assert.Equal(before.Item3 + 1, await Value(requests, "status=\"400\""));
            Assert.True(await Value("starkv_server_tokens_total", "kind=\"prompt\"") > 0);
            Assert.True(await Value("starkv_server_sessions", "state=\"idle\"") > 0);
            Assert.True(await Value("starkv_requests", "state=\"waiting\"") >= 0);
        }
    }
}
