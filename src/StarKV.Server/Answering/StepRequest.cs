using StarKV.Decode;
using StarKV.Server.Sessions;

namespace StarKV.Server.Answering;

/// <summary>A step that is asked for, in whatever dialect.</summary>
/// <param name="Query">Its conversation, and the session that it belongs to.</param>
/// <param name="Generation">How the answer is written.</param>
internal sealed record StepRequest(SessionQuery Query, GenerationOptions Generation)
{
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
