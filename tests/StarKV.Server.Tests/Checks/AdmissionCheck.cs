using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StarKV.Schedule;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.Checks;

/// <summary>A request is let in when its bytes are there, and refused with both numbers when there can never be as many.</summary>
[Collection(ServerTests.Name)]
public sealed partial class AdmissionCheck
{
    private const int AtOnce = 6;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static JsonObject Asked(int screens) => Api.Chat(
        [Api.Text("user", "Choose \"Confirm Orders\" in the \"Tasks\" menu."), .. Enumerable.Range(0, screens).Select(Api.Shows)]);

    [Fact]
    public async Task What_fits_is_answered_and_what_never_can_is_refused()
    {
        var (answered, refused) = (0, 0);
        foreach (var screens in CheckRun.Folder is null ? [1] : new[] { 1, 2, 4 })
        {
            var (body, said) = (Asked(screens), await Answers(Asked(screens), 1, 1));
            var need = long.Parse(Needed().Match(said[0].Content).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
            foreach (var (share, fits) in new[] { (0.95, false), (1.0, true), (1.05, true) })
            {
                var all = await Answers(body, (long)(need * share), AtOnce);
                Assert.All(all, a => Assert.Equal(fits ? HttpStatusCode.OK : HttpStatusCode.BadRequest, a.Status));
                if (!fits)
                    Assert.All(all, a => Assert.Contains($"needs {need.ToString("N0", CultureInfo.InvariantCulture)} bytes", a.Content, StringComparison.Ordinal));
                else
                    Assert.Single(all.Select(a => a.Content).Distinct());
                (answered, refused) = (answered + (fits ? AtOnce : 0), refused + (fits ? 0 : AtOnce));
            }
        }

        CheckRun.Tell(
            "10-admission", $"{AtOnce} requests at once to engines of 95, 100 and 105 % of the bytes that one of them needs by arithmetic", answered + refused,
            $"at 95 % all {refused} refused with 400 `prompt_too_large` and both numbers; at 100 and 105 % all {answered} answered, one after another, with equal answers; no other status");
    }

    [GeneratedRegex("needs ([0-9,]+) bytes", RegexOptions.NonBacktracking, 1000)]
    private static partial Regex Needed();

    private static async Task<(HttpStatusCode Status, string Content)[]> Answers(JsonObject body, long deviceBytes, int times)
    {
        var engine = new EngineOptions { DeviceBytes = deviceBytes };
        using var agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu", screenCacheBytes: 0, engine: engine);
        await using var server = await StarKvServer.StartAsync(agent, ServerOfTests.Options, engine, cancellation: Stop);
        using var client = ServerOfTests.ClientOf(server);
        return await Task.WhenAll(Enumerable.Range(0, times).Select(async i =>
        {
            using var response = await client.Post("/v1/chat/completions", body, $"session-{i}");
            var answer = await response.Json();
            if (response.StatusCode == HttpStatusCode.OK)
                return (response.StatusCode, answer.Content());
            Assert.Equal("prompt_too_large", answer.GetProperty("error").GetProperty("code").GetString());
            return (response.StatusCode, answer.GetProperty("error").GetProperty("message").GetString()!);
        }));
    }
}
