using StarKV.Decode;
using StarKV.Server.Errors;
using StarKV.Server.Sessions;

namespace StarKV.Server.Responses;

/// <summary>The responses that may be read and continued. Thread-safe.</summary>
/// <param name="limits">How long they are remembered, and how many bytes of screenshots with them.</param>
/// <param name="time">The clock.</param>
internal sealed class ResponseStore(SessionLimits limits, TimeProvider time)
{
    private const int MostResponses = 10_000;

    private readonly Dictionary<string, StoredResponse> _responses = [];
    private readonly ResponseId _ids = new();
    private readonly Lock _gate = new();

    /// <summary>A new id.</summary>
    public string NextId(string scope) => _ids.Next(scope);

    /// <summary>Remembers a response; the one that is remembered already where two requests were answered by one step.</summary>
    public StoredResponse Add(StoredResponse response)
    {
        lock (_gate)
        {
            if (_responses.TryGetValue(response.Id, out var there))
                return there;
            _responses[response.Id] = response;
            if (response.Parent is { } parent)
                parent.Children++;
            response.Chain.LastUsed = time.GetUtcNow();
            Sweep(response.Chain);
            return response;
        }
    }

    /// <summary>
    /// A response that was given to an equal request and did not reach its client, within two minutes; null for none.
    /// </summary>
    /// <param name="parent">The response that the request continues.</param>
    /// <param name="own">The turns that came with it.</param>
    /// <param name="instructions">The system's words in force; null for none.</param>
    /// <param name="generation">How it wants its answer to be written.</param>
    public StoredResponse? Undelivered(
        StoredResponse parent, IReadOnlyList<ConversationMessage> own, string? instructions, GenerationOptions generation)
    {
        lock (_gate)
        {
            var since = time.GetUtcNow() - LastStep.KeptFor;
            return _responses.Values.FirstOrDefault(r => r.Parent == parent && !r.IsDelivered && !r.IsDeleted && r.At >= since
                && r.Instructions == instructions && r.Generation is { } other && LastStep.AreEqual(r.Own, other, own, generation));
        }
    }

    /// <summary>The response that a request continues; deleted ones are links of their chains.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public (StoredResponse Response, SessionPlace Place) Continued(string scope, string id)
    {
        lock (_gate)
        {
            if (!_responses.TryGetValue(id, out var response) || response.Scope != scope)
            {
                throw ApiException.Invalid(
                    "previous_response_not_found",
                    "There is no response with the id of previous_response_id; send the whole conversation as input.",
                    "previous_response_id");
            }

            response.Chain.LastUsed = time.GetUtcNow();
            return (response, new SessionPlace(response.Session, id, response.History()));
        }
    }

    /// <summary>A response that was not deleted.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public StoredResponse Read(string scope, string id)
    {
        lock (_gate)
        {
            return _responses.TryGetValue(id, out var response) && response.Scope == scope && !response.IsDeleted
                ? response
                : throw NotFound();
        }
    }

    /// <summary>
    /// Deletes a response: of one that others continue the screenshots go, and it stays a link; another one is gone. Ids that were given
    /// may be deleted again, and when all of it is forgotten: a client's run must not end here.
    /// </summary>
    /// <exception cref="ApiException">The id was never given.</exception>
    public void Delete(string scope, string id)
    {
        lock (_gate)
        {
            if (!_responses.TryGetValue(id, out var response) || response.Scope != scope)
            {
                if (!_ids.WasGiven(id, scope))
                    throw NotFound();
                return;
            }

            response.IsDeleted = true;
            if (response.Children > 0)
            {
                response.DropScreens();
                return;
            }

            _responses.Remove(id);
            if (response.Parent is not { } parent)
                return;
            parent.Children--;
            // Its session goes on from the parent.
            if (response.Session.LastResponse == id && parent.Session == response.Session)
                response.Session.LastResponse = parent.Id;
        }
    }

    private static ApiException NotFound() => ApiException.NotFound(
        "response_not_found", "There is no response with this id; it was deleted, or is older than what is remembered.");

    private void Sweep(ResponseChain spared)
    {
        var oldest = time.GetUtcNow() - limits.Idle;
        while (_responses.Values.Where(r => r.Chain != spared).MinBy(r => r.Chain.LastUsed)?.Chain is { } chain
            && (chain.LastUsed < oldest || _responses.Count > MostResponses || InputBytes() > limits.InputBytes))
        {
            foreach (var id in _responses.Where(r => r.Value.Chain == chain).Select(r => r.Key).ToList())
                _responses.Remove(id);
        }
    }

    private long InputBytes() => _responses.Values.SelectMany(r => r.Own).SelectMany(t => t.Parts).Select(p => p.Screen)
        .OfType<Input.Screenshot>().Distinct().Sum(s => s.Rgb.LongLength);
}
