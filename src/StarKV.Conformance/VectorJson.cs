using System.Text.Json;

namespace StarKV.Conformance;

/// <summary>Reads members of vector files; what is missing or of another kind is named.</summary>
internal static class VectorJson
{
    /// <summary>A member that must be there; it may be null.</summary>
    /// <exception cref="StarKvException">It is missing.</exception>
    public static JsonElement Member(this JsonElement parent, string name) =>
        parent.ValueKind is not JsonValueKind.Object
            ? throw new StarKvException($"a JSON {parent.ValueKind} stands where an object with the member '{name}' is expected")
        : parent.TryGetProperty(name, out var value) ? value : throw new StarKvException($"the member '{name}' is missing");

    /// <summary>A text.</summary>
    /// <exception cref="StarKvException">It is missing or no text.</exception>
    public static string Text(this JsonElement parent, string name) => parent.TextOrNull(name) ?? throw Bad(parent, name, "a text");

    /// <summary>A text, or null where the file has null.</summary>
    /// <exception cref="StarKvException">It is missing or neither.</exception>
    public static string? TextOrNull(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Null } => null,
        _ => throw Bad(parent, name, "a text"),
    };

    /// <summary>A whole number.</summary>
    /// <exception cref="StarKvException">It is missing or none, or too large.</exception>
    public static int Whole(this JsonElement parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number)
            ? number
            : throw Bad(parent, name, "a whole number");

    /// <summary>A long whole number.</summary>
    /// <exception cref="StarKvException">It is missing or none, or too large.</exception>
    public static long Long(this JsonElement parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number)
            ? number
            : throw Bad(parent, name, "a whole number");

    /// <summary>A number.</summary>
    /// <exception cref="StarKvException">It is missing or none.</exception>
    public static double Number(this JsonElement parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : throw Bad(parent, name, "a number");

    /// <summary>The values of a list.</summary>
    /// <exception cref="StarKvException">It is missing or no list.</exception>
    public static IEnumerable<JsonElement> List(this JsonElement parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : throw Bad(parent, name, "a list");

    /// <summary>A width and a height, or any two whole numbers.</summary>
    /// <exception cref="StarKvException">It is missing or has another form.</exception>
    public static (int Width, int Height) Size(this JsonElement parent, string name) =>
        parent.List(name).ToList() is [var width, var height] && width.TryGetInt32(out var w) && height.TryGetInt32(out var h)
            ? (w, h)
            : throw Bad(parent, name, "a list of two whole numbers");

    /// <summary>The members of an object.</summary>
    /// <exception cref="StarKvException">It is missing or no object.</exception>
    public static IEnumerable<JsonProperty> Members(this JsonElement parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject()
            : throw Bad(parent, name, "an object");

    /// <summary>
    /// Runs each case of a list; one that cannot be read fails by itself, under its place in the list when it has no name.
    /// </summary>
    /// <param name="root">The object with the list.</param>
    /// <param name="list">The member that holds the cases; empty when there is none, and so no place to name.</param>
    /// <param name="group">The kind of vectors.</param>
    /// <param name="name">A case's own name.</param>
    /// <param name="results">What becomes of a case.</param>
    public static IEnumerable<CaseResult> Each(
        this JsonElement root, string list, string group, Func<JsonElement, int, string> name, Func<JsonElement, string,
        IEnumerable<CaseResult>> results) =>
        Each(root.List(list), list, group, name, results);

    /// <summary>Runs each case of a list that has one result.</summary>
    public static IEnumerable<CaseResult> Each(
        this JsonElement root, string list, string group, Func<JsonElement, int, string> name,
        Func<JsonElement, string, CaseResult> results) =>
        root.Each(list, group, name, (item, own) => (IEnumerable<CaseResult>)[results(item, own)]);

    /// <summary>Runs each of some cases.</summary>
    public static IEnumerable<CaseResult> Each(
        IEnumerable<JsonElement> cases, string list, string group, Func<JsonElement, int, string> name,
        Func<JsonElement, string, IEnumerable<CaseResult>> results) =>
        cases.SelectMany((item, i) =>
        {
            var (place, own) = (list.Length == 0 ? "" : $"{list}[{i}]", (string?)null);
            try
            {
                own = name(item, i);
                return (IEnumerable<CaseResult>)[.. results(item, own)];
            }
            catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
            {
                return [CaseResult.Unreadable(group, own ?? place, place, e)];
            }
        });

    private static StarKvException Bad(JsonElement parent, string name, string expected)
    {
        var text = parent.Member(name).GetRawText();
        return new($"the member '{name}' is {(text.Length > 60 ? text[..60] + "…" : text)}; {expected} is expected");
    }
}
