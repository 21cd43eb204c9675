using Microsoft.AspNetCore.Http;
using StarKV.Server.Answering;
using StarKV.Server.Reading;
using StarKV.Server.Sessions;
using StarKV.Server.Wire;

namespace StarKV.Server.Http;

/// <summary><c>POST /v1/chat/completions</c>: the whole conversation comes with each request.</summary>
/// <param name="reader">Reads requests.</param>
/// <param name="models">The loaded models.</param>
/// <param name="deadline">How long a request may take.</param>
/// <param name="steps">Answers steps.</param>
/// <param name="errors">Makes error objects.</param>
/// <param name="time">The clock.</param>
internal sealed class ChatEndpoint(
    RequestReader reader, ModelEndpoint models, RequestDeadline deadline, StepService steps, ErrorGate errors, TimeProvider time)
{
    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scope">Whose it is.</param>
    /// <param name="cancellation">The client left, or the server ends.</param>
    public async Task Answer(HttpContext context, string scope, CancellationToken cancellation)
    {
        var chat = await Read(context.Request, scope, cancellation).ConfigureAwait(false);
        models.Check(chat.Model);
        var step = new StepRequest(
            new SessionQuery(scope, new SessionSettings(chat.Session.Method, chat.Session.Keep), chat.Turns)
            {
                Name = chat.Session.Name,
                CacheKey = chat.Session.CacheKey,
            },
            chat.Generation)
        {
            TimeLimit = deadline.Of(context.Request.Headers),
        };
        var answer = new AnswerHead($"chatcmpl-{Guid.NewGuid():N}", time.GetUtcNow().ToUnixTimeSeconds(), chat.Model);
        if (chat.Stream)
            await Stream(context, chat, step, answer, cancellation).ConfigureAwait(false);
        else
            await Whole(context, step, answer, cancellation).ConfigureAwait(false);
    }

    private async Task<ChatRequest> Read(HttpRequest request, string scope, CancellationToken cancellation)
    {
        var bytes = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        using var body = JsonBody.Parse(bytes);
        return reader.Chat(new Field(body.RootElement, ""), request.Headers, scope);
    }

    private async Task Whole(HttpContext context, StepRequest step, AnswerHead head, CancellationToken cancellation)
    {
        var result = await steps.AnswerAsync(step, cancellation).ConfigureAwait(false);
        foreach (var (name, value) in result.Headers)
            context.Response.Headers[name] = value;
        var choice = new ChatChoice(new ChatAnswer(result.Answer.Text), result.FinishReason);
        await ApiAnswer.Json(
            context, new ChatCompletion(head.Id, head.Created, head.Model, [choice], result.Usage), WireJson.Default.ChatCompletion)
            .ConfigureAwait(false);
        result.Delivered();
    }

    private async Task Stream(
        HttpContext context, ChatRequest chat, StepRequest step, AnswerHead head, CancellationToken cancellation)
    {
        var (events, begun) = (new EventStream(context), false);
        step = step with { OnBegun = known => events.Announce(known.Headers) };
        try
        {
            var result = await new StreamedStep(steps, time).AnswerAsync(step, Piece, events.KeepAlive, cancellation).ConfigureAwait(false);
            if (!begun)
                await Piece("").ConfigureAwait(false);
            await Send(new ChunkChoice(new ChunkDelta(), result.FinishReason)).ConfigureAwait(false);
            if (chat.IncludeUsage)
            {
                await events.Send(new ChatChunk(head.Id, head.Created, head.Model, []) { Usage = result.Usage }, WireJson.Default.ChatChunk)
                    .ConfigureAwait(false);
            }

            await events.Done().ConfigureAwait(false);
            result.Delivered();
        }
        catch (Exception e) when (events.HasBegun && !context.RequestAborted.IsCancellationRequested)
        {
            await events.Fail(errors.Told(e, ErrorGate.IdOf(context))).ConfigureAwait(false);
        }

        async Task Piece(string text)
        {
            await Send(new ChunkChoice(new ChunkDelta { Role = begun ? null : "assistant", Content = text }, null)).ConfigureAwait(false);
            begun = true;
        }

        Task Send(ChunkChoice choice) =>
            events.Send(new ChatChunk(head.Id, head.Created, head.Model, [choice]), WireJson.Default.ChatChunk);
    }

    /// <summary>What all pieces of an answer begin with.</summary>
    private sealed record AnswerHead(string Id, long Created, string Model);
}
