using System.Net;
using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Fuzz.Targets;

/// <summary>A hub that sends anything: status, headers and body of the input for the list of files, good files behind it.</summary>
/// <remarks>The form of the input: a status and headers, a line each, an empty line, the body.</remarks>
internal sealed class HubAnswerTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _cache = scratch.Sub("hub");

    public string Name => "hub-answer";

    public int InputsARound => 1_500;

    public IReadOnlyList<IMutation> Mutations { get; } =
    [
        .. Mutate.Mutations.OfJson("200\n", "302\n", "Location: ", "Content-Type: text/html\n", "Content-Encoding: gzip\n", "Content-Length: 99\n", "https://other/", "X-Error-Code: RevisionNotFound\n", "ETag: \"x\"\n", "X-Linked-Size: -1\n", "511\n"),
        .. Mutate.Mutations.OfText(),
    ];

    public IEnumerable<byte[]> Seeds() =>
    [
        [.. "200\nContent-Type: application/json\n\n"u8, .. HubFiles.List()],
        Encoding.UTF8.GetBytes("404\nX-Error-Code: RevisionNotFound\n\nnone"),
        Encoding.UTF8.GetBytes("302\nLocation: /api/models/OTHER/NAME/revision/main\n\n"),
        Encoding.UTF8.GetBytes("200\nContent-Encoding: gzip\n\n\u001f\u008b"),
    ];

    public string Run(byte[] input)
    {
        // What an earlier input brought would be there already.
        if (Directory.Exists(Path.Combine(_cache, "models--ORG--NAME")))
            Directory.Delete(Path.Combine(_cache, "models--ORG--NAME"), recursive: true);
        using var client = new HubClient(new HubSettings { CacheFolder = _cache, Jobs = 1 }, new Answering(input), new NoWaiting(), new Random(1));
        var pull = client.PullAsync(HubModel.Parse("ORG/NAME")).GetAwaiter().GetResult();
        BrokenPromiseException.Unless(pull.Files.All(f => File.ReadAllBytes(Path.Combine(pull.Folder, f.Path)).LongLength == f.Size), "a file is not as long as the list says");
        return $"{pull.Files.Count} {pull.FetchedBytes}";
    }

    private sealed class Answering(byte[] input) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(request.RequestUri!.AbsolutePath.Contains("/resolve/", StringComparison.Ordinal) ? Content(request) : List(request));

        private static HttpResponseMessage Content(HttpRequestMessage request) => HubFiles.Content(Path.GetFileName(request.RequestUri!.AbsolutePath)) is { } content
            ? new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent(content) }
            : new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request };

        private HttpResponseMessage List(HttpRequestMessage request)
        {
            var end = input.AsSpan().IndexOf("\n\n"u8);
            var head = Encoding.UTF8.GetString(end < 0 ? input : input.AsSpan(0, end)).Split('\n');
            var response = new HttpResponseMessage(int.TryParse(head[0], out var status) && status is >= 100 and <= 999 ? (HttpStatusCode)status : HttpStatusCode.OK)
            {
                RequestMessage = request,
                Content = new ByteArrayContent(end < 0 ? [] : input[(end + 2)..]),
            };
            foreach (var parts in head.Skip(1).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2))
            {
                if (!response.Headers.TryAddWithoutValidation(parts[0], parts[1].Trim()))
                    response.Content.Headers.TryAddWithoutValidation(parts[0], parts[1].Trim());
            }

            return response;
        }
    }

    // Waits before a new try end at once.
    private sealed class NoWaiting : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
