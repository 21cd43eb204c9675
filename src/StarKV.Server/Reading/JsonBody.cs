using System.Text.Json;
using System.Text.Unicode;
using StarKV.Server.Errors;

namespace StarKV.Server.Reading;

/// <summary>Reads a request's body as JSON, strictly: UTF-8, no key twice, not too deep, an object.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = RequestLimits.Depth, AllowDuplicateProperties = false };

    /// <summary>Reads a body; its texts are not copied.</summary>
    /// <param name="body">The bytes, which the document goes on looking at.</param>
    /// <exception cref="ApiException">It is not such a body.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
            throw ApiException.Invalid("invalid_json", "The body is not UTF-8; send JSON as UTF-8.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, s_options);
        }
        catch (JsonException e)
        {
            throw ApiException.Invalid("invalid_json", $"The body is not JSON as it is read here: {e.Message}");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw ApiException.Invalid("invalid_json", "The body is no JSON object; send one with the request's fields.");
    }
}
