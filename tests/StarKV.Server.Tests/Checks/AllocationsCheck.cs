using System.Net;
using System.Text.Json.Nodes;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.Checks;

/// <summary>libtorch is refused one allocation of a step after another: the server says so, and is as it was.</summary>
[Collection(ServerTests.Name)]
public sealed class AllocationsCheck
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static JsonNode[] First => [Api.Text("user", "Choose \"Confirm Orders\" in the \"Tasks\" menu."), Api.Shows(0)];

    [Fact]
    public async Task A_refused_allocation_is_told_and_leaves_nothing()
    {
        // Nothing is remembered of screenshots, so that each step encodes its own.
        using var agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu", screenCacheBytes: 0);
        await using var server = await StarKvServer.StartAsync(agent, ServerOfTests.Options, cancellation: Stop);
        using var client = ServerOfTests.ClientOf(server);
        FailingAllocations.Install();
        var (expected, all) = await Counted(client);
        var stride = Math.Max(1, all / CheckRun.Times(16, 128));
        var (refused, survived, name, tensors) = (0, 0, "", 0L);
        for (var k = 1L; k <= all; k += stride)
        {
            if (name.Length == 0)
            {
                name = $"refused-{k}";
                await Step(client, name, First);
                tensors = agent.LiveTensors;
            }

            FailingAllocations.Refuse(k);
            var (status, content) = await Second(client, name);
            FailingAllocations.Refuse(long.MaxValue);
            if (status == HttpStatusCode.OK)
            {
                Assert.Equal(expected, content);
                (survived, name) = (survived + 1, "");
                continue;
            }

            Assert.Equal((HttpStatusCode.TooManyRequests, "out_of_kv_memory"), (status, content));
            Assert.Equal((tensors, 0L), (agent.LiveTensors, agent.EngineLoad.PromisedBytes));
            // Each next answer would take as long again.
            if (++refused % 8 == 0)
            {
                Assert.Equal((HttpStatusCode.OK, expected), await Second(client, name));
                name = "";
            }
        }

        Assert.True(refused > 0);
        CheckRun.Tell(
            "16-allocations", $"a step of a session, of whose {all} allocations by libtorch every {stride}th is refused in turn", refused + survived,
            $"{refused} told 429 `out_of_kv_memory` with `Retry-After`, {survived} answered as always; live tensors and promised bytes as before each time; the step taken again after every eighth is right");
    }

    /// <summary>The second step's answer, and the allocations that it takes.</summary>
    private static async Task<(string Answer, long Allocations)> Counted(HttpClient client)
    {
        await Step(client, "counted", First);
        FailingAllocations.Refuse(long.MaxValue);
        var (status, answer) = await Second(client, "counted");
        Assert.Equal(HttpStatusCode.OK, status);
        return (answer, FailingAllocations.Count);
    }

    private static Task<(HttpStatusCode Status, string Content)> Second(HttpClient client, string name) =>
        Step(client, name, [.. First, Api.Text("assistant", "Action: wait()"), Api.Shows(1)]);

    /// <summary>A status, and the answer or the error's code.</summary>
    private static async Task<(HttpStatusCode Status, string Content)> Step(HttpClient client, string name, JsonNode[] messages)
    {
        using var response = await client.Post("/v1/chat/completions", Api.Chat(messages), name);
        var body = await response.Json();
        if (response.StatusCode == HttpStatusCode.OK)
            return (response.StatusCode, body.Content());
        Assert.InRange(int.Parse(response.Header("Retry-After")), 1, 60);
        return (response.StatusCode, body.GetProperty("error").GetProperty("code").GetString()!);
    }
}
