using System.Text.Json;
using System.Text.Json.Nodes;

namespace StarKV.Server.Tests.Recordings;

/// <summary>The requests of one client's run, as <c>vectors/recorded</c> has them.</summary>
internal sealed class Recording
{
    private readonly List<string> _hashes = [];

    private Recording(string name, IReadOnlyList<RecordedRequest> requests) => (Name, Requests) = (name, requests);

    public string Name { get; }

    public IReadOnlyList<RecordedRequest> Requests { get; }

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Vectors("recorded"), "*.jsonl").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal),
    ];

    public static string Vectors(params string[] parts) =>
        RepositoryFiles.Path(["tests", "StarKV.Server.Tests", "vectors", .. parts]);

    public static Recording Of(string name)
    {
        var lines = File.ReadLines(Vectors("recorded", name)).Where(l => l.Length > 0).Select(l => JsonNode.Parse(l)!.AsObject());
        return new Recording(name, [.. lines.Select(RecordedRequest.Of).OrderBy(r => r.N)]);
    }

    /// <summary>What a server should find for each request.</summary>
    public IReadOnlyList<JsonElement> Outcomes()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Vectors("recorded", "outcomes.json")));
        return [.. file.RootElement.GetProperty(Name).EnumerateArray().Select(e => e.Clone())];
    }

    /// <summary>A request's body with pictures in place of their hashes, and other texts replaced.</summary>
    /// <param name="request">The request.</param>
    /// <param name="text">What a text becomes.</param>
    public JsonObject Body(RecordedRequest request, Func<string, string> text) => (JsonObject)Live(request.Body!, text)!;

    /// <summary>The picture of a number, from 0; after the last they begin again.</summary>
    public static string Picture(int number)
    {
        var files = Directory.EnumerateFiles(Vectors("screens"), "*.png").Order(StringComparer.Ordinal).ToList();
        return $"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(files[number % files.Count]))}";
    }

    private JsonNode? Live(JsonNode? node, Func<string, string> text)
    {
        switch (node)
        {
            case JsonObject fields:
                return new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, Live(f.Value, text))));
            case JsonArray items:
                return new JsonArray([.. items.Select(i => Live(i, text))]);
            case JsonValue value when value.TryGetValue<string>(out var said):
                if (!said.Contains("base64,<sha256=", StringComparison.Ordinal))
                    return text(said);
                var hash = said.Split("sha256=")[1].Split(' ')[0];
                if (!_hashes.Contains(hash))
                    _hashes.Add(hash);
                return Picture(_hashes.IndexOf(hash));
            default:
                return node?.DeepClone();
        }
    }
}

/// <summary>One request.</summary>
internal sealed record RecordedRequest(
    int N, string Method, string Path, IReadOnlyDictionary<string, string> Headers, JsonObject? Body, string? Answer, bool Left)
{
    public static RecordedRequest Of(JsonObject line) => new(
        (int)line["n"]!, (string)line["method"]!, (string)line["path"]!,
        line["headers"]!.AsObject().ToDictionary(h => h.Key, h => (string)h.Value!, StringComparer.OrdinalIgnoreCase),
        line["body"] as JsonObject, (string?)line["answer"], line["clientLeftAfterMs"] is not null);
}
