using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;

namespace StarKV.Server.Reading;

/// <summary>Reads what requests ask for: fields of their bodies and headers, unknown ones being ignored.</summary>
/// <param name="messages">Reads messages.</param>
/// <param name="limits">What is accepted.</param>
internal sealed class RequestReader(MessageReader messages, RequestLimits limits)
{
    /// <summary>Reads a chat request.</summary>
    /// <param name="body">Its body.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="scope">Whose it is.</param>
    /// <exception cref="ApiException">It is not one that can be answered.</exception>
    public ChatRequest Chat(Field body, IHeaderDictionary headers, string scope)
    {
        var list = body["messages"];
        var generation = SamplingFields.Read(body, limits);
        var request = new ChatRequest(Model(body), messages.Read(list, scope), generation, Session(body, headers))
        {
            Stream = body["stream"].Flag(),
            IncludeUsage = body["stream_options"]["include_usage"].Flag(),
        };
        return request.Turns.Count > 0 ? request : throw list.Wrong("a list of at least one message");
    }

    /// <summary>Reads a request of the responses dialect.</summary>
    /// <inheritdoc cref="Chat"/>
    public ResponsesRequest Responses(Field body, IHeaderDictionary headers, string scope)
    {
        var (input, previous) = (body["input"], Text(body["previous_response_id"]));
        var generation = SamplingFields.Read(body, limits);
        var request = new ResponsesRequest(Model(body), messages.ReadInput(input, scope), generation, Session(body, headers))
        {
            Stream = body["stream"].Flag(),
            Previous = previous,
            Instructions = Text(body["instructions"]),
            Store = body["store"].IsAbsent || body["store"].Flag(),
            Metadata = Metadata(body["metadata"]),
        };
        return request.Turns.Count > 0 ? request : throw input.Wrong("a text or a list of at least one message");
    }

    private static Dictionary<string, string> Metadata(Field field)
    {
        if (field.IsAbsent)
            return [];
        return field.IsObject
            ? field.Element.EnumerateObject().ToDictionary(f => f.Name, f => field[f.Name].Text())
            : throw field.Wrong("an object of texts");
    }

    private static string Model(Field body)
    {
        var model = body["model"];
        return model.IsAbsent ? throw model.Missing() : model.Text();
    }

    private static SessionFields Session(Field body, IHeaderDictionary headers)
    {
        var ours = body["starkv"];
        if (!ours.IsAbsent && !ours.IsObject)
            throw ours.Wrong("an object");
        var name = SessionName.Checked(Header(headers, "X-Session-Id"), "X-Session-Id") ?? Text(ours["session"]);
        return new SessionFields(
            SessionName.Checked(name, ours["session"].Path), Text(body["prompt_cache_key"]),
            Header(headers, "X-StarKV-Method") ?? Text(ours["method"]), Header(headers, "X-StarKV-Keep") ?? Text(ours["keep"]));
    }

    private static string? Header(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    private static string? Text(Field field) => field.IsAbsent ? null : field.Text();
}
