using System.Text.Json;
using System.Text.Json.Nodes;

namespace StarKV.Tests;

/// <summary>What a file that people bring may hold instead of what it should: each differs from a good one in one place.</summary>
internal static class JsonMutations
{
    private const string Place = "\u0001place";

    // Other kinds, numbers at the borders of types and beyond, depth, a name twice, half a surrogate pair.
    private static readonly string[] s_values =
    [
        "null", "true", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[1]]", "-1", "0", "0.5", "1", "2147483648", "9223372036854775807", "9223372036854775808", "1e308", "1e999", "-1e999",
        "\"NaN\"", "\"../../x\"", "\"\\ud800\"", "\"\\u001b[2J\"", $"\"{new string('x', 5000)}\"", $"{new string('[', 200)}{new string(']', 200)}", "{\"a\":1,\"a\":2}",
    ];

    /// <summary>All of them, in an order of their own: every value replaced by each of some others, every member left out, doubled and renamed; the text cut short.</summary>
    /// <param name="json">The good one.</param>
    public static IEnumerable<string> Of(string json)
    {
        foreach (var path in Paths(JsonNode.Parse(json)!, []).ToList())
        {
            foreach (var value in s_values)
                yield return Replaced(json, path, value);
            if (path is [.., string name])
            {
                yield return Changed(json, path, parent => parent.Remove(name)).ToJsonString();
                yield return Renamed(json, path, name);
                yield return Renamed(json, path, "\\ud800");
            }
        }

        foreach (var share in new[] { 0, 0.01, 0.3, 0.7, 0.99 })
            yield return json[..(int)(json.Length * share)];
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        yield return path;
        var children = node switch
        {
            JsonObject members => members.SelectMany(m => Paths(m.Value, [.. path, m.Key])),
            JsonArray items => items.SelectMany((item, i) => Paths(item, [.. path, i])),
            _ => [],
        };
        foreach (var child in children)
            yield return child;
    }

    private static string Replaced(string json, object[] path, string value)
    {
        if (path.Length == 0)
            return value;
        var root = JsonNode.Parse(json)!;
        var parent = Parent(root, path);
        if (path[^1] is string name)
            parent[name] = Place;
        else
            parent[(int)path[^1]] = Place;
        return root.ToJsonString().Replace(JsonSerializer.Serialize(Place), value, StringComparison.Ordinal);
    }

    private static string Renamed(string json, object[] path, string name) =>
        Changed(json, path, parent => parent[Place] = parent[(string)path[^1]]?.DeepClone()).ToJsonString().Replace(JsonSerializer.Serialize(Place), $"\"{name}\"", StringComparison.Ordinal);

    private static JsonNode Changed(string json, object[] path, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(json)!;
        change(Parent(root, path).AsObject());
        return root;
    }

    private static JsonNode Parent(JsonNode root, object[] path) => path[..^1].Aggregate(root, (node, step) => step is string name ? node[name]! : node[(int)step]!);
}
