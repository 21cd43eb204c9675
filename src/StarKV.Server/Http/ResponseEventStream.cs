using StarKV.Server.Errors;
using StarKV.Server.Wire;

namespace StarKV.Server.Http;

/// <summary>Writes the events of one response in their order.</summary>
/// <param name="events">Writes events.</param>
/// <param name="begun">The response as it begins.</param>
internal sealed class ResponseEventStream(EventStream events, ResponseBody begun)
{
    private int _number;
    private bool _open;

    /// <value>The response as it begins, set before the first piece where its step was begun by another request.</value>
    public ResponseBody Begun { get; set; } = begun;

    private string Item => MessageId(Begun.Id);

    /// <summary>Writes a piece of the text, after the events that open the message.</summary>
    public async Task Piece(string text)
    {
        if (!_open)
        {
            _open = true;
            await Send(Next("response.created") with { Response = Begun }).ConfigureAwait(false);
            await Send(Next("response.in_progress") with { Response = Begun }).ConfigureAwait(false);
            await Send(Next("response.output_item.added") with
            {
                OutputIndex = 0,
                Item = new ResponseMessage(Item, "in_progress", []),
            }).ConfigureAwait(false);
            await Send(InText("response.content_part.added") with { Part = new OutputText("") }).ConfigureAwait(false);
        }

        if (text.Length > 0)
            await Send(InText("response.output_text.delta") with { Delta = text }).ConfigureAwait(false);
    }

    /// <summary>Writes the end of the message and of the response.</summary>
    /// <param name="done">The response as it is.</param>
    public async Task End(ResponseBody done)
    {
        await Piece("").ConfigureAwait(false);
        var message = done.Output[0];
        await Send(InText("response.output_text.done") with { Text = message.Content[0].Text }).ConfigureAwait(false);
        await Send(InText("response.content_part.done") with { Part = message.Content[0] }).ConfigureAwait(false);
        await Send(Next("response.output_item.done") with { OutputIndex = 0, Item = message }).ConfigureAwait(false);
        await Send(Next($"response.{done.Status}") with { Response = done }).ConfigureAwait(false);
    }

    /// <summary>Writes that the response failed, and ends the connection.</summary>
    public async Task Fail(ApiException error)
    {
        await Send(Next("error") with { Code = error.Code, Message = error.Message, Param = error.Param }).ConfigureAwait(false);
        await events.Abort().ConfigureAwait(false);
    }

    /// <summary>The id of a response's message.</summary>
    public static string MessageId(string response) => $"msg_{response}";

    private ResponseEvent InText(string type) => Next(type) with { ItemId = Item, OutputIndex = 0, ContentIndex = 0 };

    private ResponseEvent Next(string type) => new(type, _number++);

    private Task Send(ResponseEvent happened) => events.Send(happened, WireJson.Default.ResponseEvent, happened.Type);
}
