using Microsoft.AspNetCore.Http;
using StarKV.Server.Answering;
using StarKV.Server.Reading;
using StarKV.Server.Responses;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Server.Wire;

namespace StarKV.Server.Http;

/// <summary><c>/v1/responses</c>: a request brings what is new, and names the response that it continues.</summary>
/// <param name="reader">Reads requests.</param>
/// <param name="models">The loaded models.</param>
/// <param name="deadline">How long a request may take.</param>
/// <param name="steps">Answers steps.</param>
/// <param name="store">The responses so far.</param>
/// <param name="errors">Makes error objects.</param>
/// <param name="time">The clock.</param>
internal sealed class ResponsesEndpoint(
    RequestReader reader, ModelEndpoint models, RequestDeadline deadline, StepService steps, ResponseStore store, ErrorGate errors,
    TimeProvider time)
{
    private readonly RunningResponses _running = new();

    /// <summary><c>POST /v1/responses</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scope">Whose it is.</param>
    /// <param name="cancellation">The client left, or the server ends.</param>
    public async Task Answer(HttpContext context, string scope, CancellationToken cancellation)
    {
        var request = await Read(context.Request, scope, cancellation).ConfigureAwait(false);
        models.Check(request.Model);
        var asked = Asked(request, scope, context);
        if (asked.Parent is { } parent
            && store.Undelivered(parent, asked.Own, asked.Body.Instructions, asked.Step.Generation) is { } given)
            await Again(context, given, request.Stream).ConfigureAwait(false);
        else if (request.Stream)
            await Stream(context, asked, cancellation).ConfigureAwait(false);
        else
            await Whole(context, asked, cancellation).ConfigureAwait(false);
    }

    /// <summary><c>GET /v1/responses/{id}</c>.</summary>
    public Task Get(HttpContext context) =>
        ApiAnswer.Json(context, store.Read(RequestGates.ScopeOf(context), Id(context)).Body, WireJson.Default.ResponseBody);

    /// <summary><c>DELETE /v1/responses/{id}</c>.</summary>
    public Task Delete(HttpContext context)
    {
        store.Delete(RequestGates.ScopeOf(context), Id(context));
        return ApiAnswer.Json(context, new DeletedResponse(Id(context)), WireJson.Default.DeletedResponse);
    }

    /// <summary><c>POST /v1/responses/{id}/cancel</c>: also of one that is over.</summary>
    public Task Cancel(HttpContext context)
    {
        var (scope, id) = (RequestGates.ScopeOf(context), Id(context));
        return ApiAnswer.Json(context, _running.Cancel(scope, id) ?? store.Read(scope, id).Body, WireJson.Default.ResponseBody);
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private async Task<ResponsesRequest> Read(HttpRequest request, string scope, CancellationToken cancellation)
    {
        var bytes = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        using var body = JsonBody.Parse(bytes);
        return reader.Responses(new Field(body.RootElement, ""), request.Headers, scope);
    }

    private AskedResponse Asked(ResponsesRequest request, string scope, HttpContext context)
    {
        var (parent, place) = request.Previous is { } id ? store.Continued(scope, id) : default((StoredResponse?, SessionPlace?));
        var instructions = request.Instructions ?? parent?.Instructions;
        var before = parent?.History(request.Instructions) ?? [.. StoredResponse.SystemTurn(instructions)];
        var body = new ResponseBody(store.NextId(scope), time.GetUtcNow().ToUnixTimeSeconds(), request.Model)
        {
            Instructions = instructions,
            Metadata = request.Metadata,
            PreviousResponseId = request.Previous,
            MaxOutputTokens = request.Generation.MaxNewTokens,
            Temperature = request.Generation.Temperature,
            TopP = request.Generation.TopP,
            Store = request.Store,
        };
        var query = new SessionQuery(
            scope, new SessionSettings(request.Session.Method, request.Session.Keep), [.. before, .. request.Turns])
        {
            Name = request.Session.Name,
            CacheKey = request.Session.CacheKey,
            After = place,
        };
        var step = new StepRequest(query, request.Generation)
        {
            TimeLimit = deadline.Of(context.Request.Headers),
            ResponseId = body.Id,
        };
        return new AskedResponse(body, parent, request.Turns, step);
    }

    private async Task Whole(HttpContext context, AskedResponse asked, CancellationToken cancellation)
    {
        var result = await steps.AnswerAsync(asked.Step, cancellation).ConfigureAwait(false);
        foreach (var (name, value) in result.Headers)
            context.Response.Headers[name] = value;
        var given = Finished(asked, result);
        await ApiAnswer.Json(context, given.Body, WireJson.Default.ResponseBody).ConfigureAwait(false);
        Delivered(given, result);
    }

    /// <summary>Sends a response that did not reach its client.</summary>
    private static async Task Again(HttpContext context, StoredResponse given, bool streamed)
    {
        IReadOnlyList<(string Name, string Value)> headers = new StepBegun(given.Session, Outcome.Replay).Headers;
        if (streamed)
        {
            var events = new EventStream(context);
            events.Announce(headers);
            var stream = new ResponseEventStream(events, given.Body with { Status = "in_progress", Output = [], Usage = null });
            await stream.Piece(given.Body.Output[0].Content[0].Text).ConfigureAwait(false);
            await stream.End(given.Body).ConfigureAwait(false);
        }
        else
        {
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            await ApiAnswer.Json(context, given.Body, WireJson.Default.ResponseBody).ConfigureAwait(false);
        }

        given.IsDelivered = true;
    }

    private static void Delivered(StoredResponse given, StepResult result)
    {
        given.IsDelivered = true;
        result.Delivered();
    }

    private async Task Stream(HttpContext context, AskedResponse asked, CancellationToken cancellation)
    {
        var events = new EventStream(context);
        var stream = new ResponseEventStream(events, asked.Body);
        var step = asked.Step with
        {
            OnBegun = known =>
            {
                events.Announce(known.Headers);
                stream.Begun = asked.Body with { Id = known.ResponseId! };
            },
        };
        try
        {
            var result = await _running.Run(
                asked.Body, asked.Step.Query.Scope,
                stop => new StreamedStep(steps, time).AnswerAsync(step, stream.Piece, events.KeepAlive, stop), cancellation)
                .ConfigureAwait(false);
            var given = Finished(asked, result);
            await stream.End(given.Body).ConfigureAwait(false);
            Delivered(given, result);
        }
        catch (Exception e) when (events.HasBegun && !context.RequestAborted.IsCancellationRequested)
        {
            await stream.Fail(errors.Told(e, ErrorGate.IdOf(context))).ConfigureAwait(false);
        }
    }

    /// <summary>The response as it is when it was answered; it is remembered, unless its client wants otherwise.</summary>
    private StoredResponse Finished(AskedResponse asked, StepResult result)
    {
        var whole = result.FinishReason == "stop";
        var status = whole ? "completed" : "incomplete";
        var body = asked.Body with
        {
            Id = result.ResponseId!,
            Status = status,
            Output = [new ResponseMessage(ResponseEventStream.MessageId(result.ResponseId!), status, [new OutputText(result.Answer.Text)])],
            Usage = ResponseUsage.Of(result.Usage),
            IncompleteDetails = whole ? null : new IncompleteDetails("max_output_tokens"),
        };
        var given = new StoredResponse(body, asked.Step.Query.Scope, asked.Parent, asked.Own, body.Instructions, result.Kept)
        {
            Generation = asked.Step.Generation,
            At = time.GetUtcNow(),
        };
        return body.Store ? store.Add(given) : given;
    }

    /// <summary>A response that is asked for.</summary>
    private sealed record AskedResponse(
        ResponseBody Body, StoredResponse? Parent, IReadOnlyList<ConversationMessage> Own, StepRequest Step);
}
