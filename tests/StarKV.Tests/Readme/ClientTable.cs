using System.Globalization;
using System.Text;

namespace StarKV.Tests.Readme;

/// <summary>The table of real clients that were run against the server.</summary>
internal static class ClientTable
{
    private const string Name = "clients/2026-11-30.json";

    /// <summary>The driver of tests/clients, and the package whose client it drives.</summary>
    private static readonly (string Driver, string Package, string Does)[] s_drivers =
    [
        ("uitars-chat", "@ui-tars/sdk", "its agent loop, chat completions"),
        ("uitars-responses", "@ui-tars/sdk", "its agent loop, responses with `DELETE` of old screenshots"),
        ("openai-chat", "openai", "plain, streamed, with usage, given up early and in the middle"),
        ("openai-responses", "openai", "a chain, every second step streamed; read, fork, delete, an unknown id"),
        ("ai-sdk", "ai", "`generateText` and `streamText` in turn"),
        ("tarko", "@tarko/llm-client", "the client of Agent-TARS, streamed with usage"),
        ("langchain", "@langchain/openai", "`invoke` and `stream` in turn"),
        ("midscene", "@midscene/core", "`aiAct` until it gives up planning again"),
        ("openai-agents", "@openai/agents", "chat, responses, and a computer tool, which is refused"),
    ];

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var result = file.RootElement;
        var table = new StringBuilder("| client | version | what it does | steps | as it should be |\n|---|---|---|---:|---:|\n");
        foreach (var run in result.GetProperty("clients").EnumerateArray())
        {
            var (_, package, does) = s_drivers.Single(d => d.Driver == run.GetProperty("client").GetString());
            var version = result.GetProperty("versions").GetProperty(package).GetString();
            table.Append(
                CultureInfo.InvariantCulture,
                $"| `{package}` | {version} | {does} | {run.GetProperty("steps")} | {run.GetProperty("ok")} |\n");
        }

        var node = result.GetProperty("node").GetString();
        return table.Append($"\nNode.js {node}, the shipped model on a CPU: [result](../bench/results/{Name}).\n").ToString();
    }
}
