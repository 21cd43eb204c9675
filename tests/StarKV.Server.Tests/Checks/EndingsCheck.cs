using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.Checks;

/// <summary>Streams end once: done or failed, at whichever token.</summary>
[Collection(ServerTests.Name)]
public sealed class EndingsCheck(ServerOfTests server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_of_any_length_ends_once()
    {
        var longest = CheckRun.Times(6, 40);
        for (var tokens = 1; tokens <= longest; tokens++)
        {
            var body = Api.Chat(Api.Text("user", "Tell me everything"), Api.Shows(0));
            (body["max_tokens"], body["temperature"], body["stream"]) = (tokens, 1.5, true);
            using var response = await server.Client.Post("/v1/chat/completions", body);
            var events = (await response.Content.ReadAsStringAsync(Stop)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("data: [DONE]", events[^1]);
            Assert.Single(events, e => e.Contains("\"finish_reason\":\"", StringComparison.Ordinal));
            Assert.DoesNotContain(events, e => e.StartsWith("data: {\"error\"", StringComparison.Ordinal));
        }

        CheckRun.Tell("06-done", "chats cut at each number of tokens, streamed", longest, "one finish reason and one `[DONE]` each");
    }

    [Fact]
    public async Task A_response_that_is_cancelled_at_any_token_fails_once_and_is_cut()
    {
        const int mostTries = 60;
        var (last, others) = (CheckRun.Times(3, 12), 0);
        for (var token = 1; token <= last; token++)
        {
            // Some answers are over before they are cancelled.
            var seed = 0;
            while (!await IsCut(token, seed++))
            {
                others++;
                Assert.True(seed < mostTries, $"No answer was cut at its piece {token}.");
            }
        }

        CheckRun.Tell(
            "06-failed", "streamed responses cancelled after each number of pieces", last + others,
            $"one ending each: {last}, one for each number of pieces from 1, with an error and a cut connection; {others} were over before");
    }

    /// <summary>Cancels a response at a piece of its answer; whether that was in time.</summary>
    private async Task<bool> IsCut(int token, int seed)
    {
        var body = new JsonObject
        {
            ["model"] = "mini",
            ["input"] = "Tell me everything",
            ["max_output_tokens"] = 2000,
            ["temperature"] = 2,
            ["seed"] = seed,
            ["stream"] = true,
        };
        using var response = await server.Client.Post("/v1/responses", body, until: HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        var (types, id, pieces, isCut) = (new List<string>(), "", 0, false);
        try
        {
            while (await reader.ReadLineAsync(Stop) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    types.Add(line["event: ".Length..]);
                if (line.StartsWith("data: ", StringComparison.Ordinal) && id.Length == 0)
                    id = JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("response").GetProperty("id").GetString()!;
                if (line.StartsWith("event: response.output_text.delta", StringComparison.Ordinal) && ++pieces == token)
                {
                    using var cancel = await server.Client.PostText($"/v1/responses/{id}/cancel", "");
                    Assert.Equal(HttpStatusCode.OK, cancel.StatusCode);
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            isCut = true;
        }

        var endings = types.Where(t => t is "error" or "response.completed" or "response.incomplete").ToList();
        Assert.Single(endings);
        // An end that looks clean would be taken for success.
        Assert.Equal(endings[0] == "error", isCut);
        return isCut;
    }
}
