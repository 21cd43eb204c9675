using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace StarKV.Cli.Tests.Hub;

/// <summary>What a test lets the server do with one request for a file: the status, more headers, how many bytes of the body come before the cut.</summary>
internal sealed record Fault(int Status = 200, string Headers = "", int? CutAfter = null, bool IgnoreRange = false, bool Silent = false, bool Spoil = false)
{
    /// <summary>Sent instead of what was asked for.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Leaves the length out; the body then ends with the connection.</summary>
    public bool NoLength { get; init; }
}

/// <summary>A hub on 127.0.0.1 with one repository, org/tiny. Its faults are used up request by request, then it behaves.</summary>
internal sealed class HubServer : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public HubServer()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    public Dictionary<string, byte[]> Files { get; } = new()
    {
        ["config.json"] = "{}"u8.ToArray(),
        ["model.safetensors"] = Bytes(5000),
        ["modeling.py"] = "never fetched"u8.ToArray(),
        ["pytorch_model.bin"] = Bytes(10),
    };

    /// <summary>Faults of requests for files, in order.</summary>
    public ConcurrentQueue<Fault> FileFaults { get; } = new();

    /// <summary>Faults of requests for the list, in order.</summary>
    public ConcurrentQueue<Fault> ListFaults { get; } = new();

    /// <summary>Sends files from another host, as for large files.</summary>
    public Uri? Redirect { get; set; }

    /// <summary>The list, when it shall not be the right one.</summary>
    public string? List { get; set; }

    /// <summary>Status and headers of a file when these alone are asked for; null for a server that does not know the question.</summary>
    public Func<string, (int Status, string Headers)>? Heads { get; set; }

    /// <summary>Waited for before a file is sent.</summary>
    public Func<string, Task>? BeforeFile { get; set; }

    /// <summary>How fast a body is sent; null for at once.</summary>
    public int? BytesPerSecond { get; set; }

    /// <summary>The head of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 31 % 251))];

    public static string HashOf(string path, byte[] bytes) => IsLarge(path)
        ? Convert.ToHexStringLower(SHA256.HashData(bytes))
        : GitHash(bytes);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private static bool IsLarge(string path) => path.EndsWith(".safetensors", StringComparison.Ordinal);

#pragma warning disable CA5350 // git names blobs so.
    private static string GitHash(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350

    private string ListJson() => List ?? $$"""
        {"sha":"{{Commit}}","siblings":[{{string.Join(',', Files.Select(f => IsLarge(f.Key)
            ? $$"""{"rfilename":"{{f.Key}}","size":{{f.Value.Length}},"blobId":"{{GitHash([])}}","lfs":{"sha256":"{{HashOf(f.Key, f.Value)}}","size":{{f.Value.Length}},"pointerSize":134} }"""
            : $$"""{"rfilename":"{{f.Key}}","size":{{f.Value.Length}},"blobId":"{{HashOf(f.Key, f.Value)}}"}"""))}}]}
        """;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var head = await ReadHeadAsync(stream);
            Requests.Enqueue(head);
            var path = Uri.UnescapeDataString(head.Split(' ')[1]);
            var isList = path.StartsWith("/api/models/org/tiny/revision/", StringComparison.Ordinal);
            var file = path.Split($"/org/tiny/resolve/{Commit}/") is [_, var name] && Files.ContainsKey(name) ? name : null;
            var fault = (isList ? ListFaults : FileFaults).TryDequeue(out var next) ? next : new Fault();
            if (fault.Silent)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            if (head.StartsWith("HEAD ", StringComparison.Ordinal))
                await (Heads is null || file is null ? SendAsync(stream, 501, "", [], 0) : SendAsync(stream, Heads(file).Status, Heads(file).Headers, Files[file], 0));
            else if (fault.Body is { } body)
                await SendAsync(stream, fault.Status, fault.Headers, body, fault.CutAfter, fault.NoLength);
            else if (fault.Status != 200)
                await SendAsync(stream, fault.Status, fault.Headers, [], 0);
            else if (isList)
                await SendAsync(stream, 200, "", Encoding.UTF8.GetBytes(ListJson()), null);
            else if (file is null)
                await SendAsync(stream, 404, "X-Error-Code: RepoNotFound\r\n", [], 0);
            else if (Redirect is not null)
                await SendAsync(stream, 302, $"Location: {Redirect}org/tiny/resolve/{Commit}/{file}\r\n", [], 0);
            else
                await SendFileAsync(stream, head, Files[file], fault);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task SendFileAsync(NetworkStream stream, string head, byte[] bytes, Fault fault)
    {
        if (BeforeFile is not null)
            await BeforeFile(head);
        var range = head.Split("Range: bytes=") is [_, var rest] && !fault.IgnoreRange ? int.Parse(rest.Split('-')[0], CultureInfo.InvariantCulture) : 0;
        var body = bytes[range..];
        if (fault.Spoil)
            body[^1] ^= 1;
        await SendAsync(stream, range > 0 ? 206 : 200, range > 0 ? $"Content-Range: bytes {range}-{bytes.Length - 1}/{bytes.Length}\r\n" : "", body, fault.CutAfter);
    }

    private async Task SendAsync(NetworkStream stream, int status, string headers, byte[] body, int? cut, bool noLength = false)
    {
        const int piecesPerSecond = 50;
        var length = noLength ? "" : $"Content-Length: {body.Length}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} x\r\nConnection: close\r\n{length}{headers}\r\n"));
        foreach (var piece in body.Take(cut ?? body.Length).Chunk(BytesPerSecond / piecesPerSecond ?? int.MaxValue))
        {
            await stream.WriteAsync(piece);
            if (BytesPerSecond is not null)
                await Task.Delay(1000 / piecesPerSecond, _stop.Token);
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) > 0)
            head.Append((char)buffer[0]);
        return head.ToString();
    }
}
