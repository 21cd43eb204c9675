using StarKV.Decode;
using StarKV.Server.Sessions;

namespace StarKV.Server.Answering;

/// <summary>A step that is asked for, in whatever dialect.</summary>
/// <param name="Query">Its conversation, and the session that it belongs to.</param>
/// <param name="Generation">How the answer is written.</param>
internal sealed record StepRequest(SessionQuery Query, GenerationOptions Generation)
{
    /// <summary>Whether an equal one may be asked for again: its client names its session, or the response that it continues.</summary>
    public bool IsNamed => Query.Name is not null || Query.After is not null;

    /// <summary>Whether another request asks for this step.</summary>
    public bool IsLike(StepRequest other) =>
        Query.Scope == other.Query.Scope && Query.Name == other.Query.Name && Query.Settings == other.Query.Settings
        && Query.After?.Response == other.Query.After?.Response && (ResponseId is null) == (other.ResponseId is null)
        && LastStep.AreEqual(Query.Turns, Generation, other.Query.Turns, other.Generation);

    /// <value>Time that it may take, above 0; null (default) for no limit.</value>
    public TimeSpan? TimeLimit { get; init; }

    /// <value>The id of the response that the step gives; null (default) for none.</value>
    public string? ResponseId { get; init; }

    /// <value>
    /// Called once before the first piece of the answer, on the inference thread mostly; it must not wait. Null (default) for none.
    /// </value>
    public Action<StepBegun>? OnBegun { get; init; }

    /// <value>Called on the inference thread with each piece of the answer; it must not wait. Null (default) for none.</value>
    public Action<string>? OnText { get; init; }
}
