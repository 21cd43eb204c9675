using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StarKV.Server.Tests.Pages;

/// <summary>A page in the browser.</summary>
/// <param name="socket">The browser's.</param>
/// <param name="stop">Ends the test.</param>
public sealed class BrowserPage(ClientWebSocket socket, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60), s_look = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly ConcurrentQueue<string> _console = new();
    private string _target = "", _session = "";
    private int _number;

    /// <summary>What was written to the console: errors of scripts, of the network and of the content policy too.</summary>
    public IReadOnlyCollection<string> Console => _console;

    public async Task BeginAsync(int width, int height, bool dark)
    {
        _ = Listen();
        _target = (string)(await Ask("Target.createTarget", new() { ["url"] = "about:blank" }))["targetId"]!;
        _session = (string)(await Ask("Target.attachToTarget", new() { ["targetId"] = _target, ["flatten"] = true }))["sessionId"]!;
        foreach (var domain in new[] { "Page", "Runtime", "Log" })
            await Ask($"{domain}.enable");
        await Ask("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
        await Ask("Emulation.setEmulatedMedia", new()
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
    }

    public Task GoAsync(string address) => Ask("Page.navigate", new() { ["url"] = address });

    /// <summary>The value of an expression; promises are waited for.</summary>
    public async Task<JsonNode?> Value(string expression)
    {
        var answer = await Ask("Runtime.evaluate", new()
        {
            ["expression"] = expression,
            ["returnByValue"] = true,
            ["awaitPromise"] = true,
        });
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"];
    }

    public async Task<string> Text(string expression) => (string?)await Value(expression) ?? "";

    /// <summary>Waits until an expression is true.</summary>
    public async Task Until(string expression)
    {
        for (var left = s_patience; left > TimeSpan.Zero; left -= s_look)
        {
            if (await Value($"!!({expression})") is { } value && (bool)value)
                return;
            await Task.Delay(s_look, stop);
        }

        Assert.Fail($"{expression} never became true; console: {string.Join(" | ", _console)}; body: {await Text("document.body.innerText")}");
    }

    /// <summary>Presses a key, such as Tab, Enter or ArrowDown.</summary>
    public async Task Press(string key, int code, string text = "")
    {
        foreach (var type in new[] { text.Length > 0 ? "keyDown" : "rawKeyDown", "keyUp" })
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
            if (text.Length > 0 && type == "keyDown")
                press["text"] = text;
            await Ask("Input.dispatchKeyEvent", press);
        }
    }

    /// <summary>Types into what has the focus.</summary>
    public Task Type(string text) => Ask("Input.insertText", new() { ["text"] = text });

    /// <summary>A picture of the window.</summary>
    public async Task<byte[]> Png() =>
        Convert.FromBase64String((string)(await Ask("Page.captureScreenshot", new() { ["format"] = "png" }))["data"]!);

    public async ValueTask DisposeAsync()
    {
        await Ask("Target.closeTarget", new() { ["targetId"] = _target });
        socket.Abort();
        socket.Dispose();
    }

    private async Task<JsonNode> Ask(string method, JsonObject? arguments = null)
    {
        var id = Interlocked.Increment(ref _number);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = arguments ?? [] };
        if (_session.Length > 0)
            request["sessionId"] = _session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(request), WebSocketMessageType.Text, true, CancellationToken.None);
        return await answer.Task.WaitAsync(s_patience, CancellationToken.None);
    }

    private async Task Listen()
    {
        var (buffer, message) = (new byte[1 << 16], new MemoryStream());
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                Take(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The page was closed.
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (!_asked.TryRemove((int)id, out var answer))
                return;
            if (message["error"] is { } error)
                answer.SetException(new InvalidOperationException(error.ToJsonString()));
            else
                answer.SetResult(message["result"]!);
            return;
        }

        var told = message["params"];
        switch ((string?)message["method"])
        {
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded":
                _console.Enqueue(told!.ToJsonString());
                break;
            case "Page.javascriptDialogOpening":
                _ = Ask("Page.handleJavaScriptDialog", new() { ["accept"] = true });
                break;
        }
    }
}
