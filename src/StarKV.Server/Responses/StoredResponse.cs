using StarKV.Decode;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Server.Wire;
using StarKV.Text;

namespace StarKV.Server.Responses;

/// <summary>A response that may be read and continued, with everything that it was an answer to.</summary>
/// <param name="body">The response as its client got it.</param>
/// <param name="scope">Whose it is.</param>
/// <param name="parent">The response that it continues; null for none.</param>
/// <param name="own">The turns that came with it.</param>
/// <param name="instructions">The system's words in force; null for none.</param>
/// <param name="session">The session that answered it.</param>
internal sealed class StoredResponse(
    ResponseBody body, string scope, StoredResponse? parent, IReadOnlyList<ConversationMessage> own, string? instructions,
    KeptSession session)
{
    /// <summary>What it is called.</summary>
    public string Id => Body.Id;

    /// <summary>The response as its client got it.</summary>
    public ResponseBody Body { get; } = body;

    /// <summary>Whose it is.</summary>
    public string Scope { get; } = scope;

    /// <summary>The response that it continues; null for none.</summary>
    public StoredResponse? Parent { get; } = parent;

    /// <summary>The system's words in force; null for none.</summary>
    public string? Instructions { get; } = instructions;

    /// <summary>The session that answered it.</summary>
    public KeptSession Session { get; } = session;

    /// <summary>The chain that it belongs to: its forks' too.</summary>
    public ResponseChain Chain { get; } = parent?.Chain ?? new ResponseChain();

    /// <value>How its answer was written; null (default) where nobody asks for it again.</value>
    public GenerationOptions? Generation { get; init; }

    /// <value>When it was given.</value>
    public DateTimeOffset At { get; init; }

    /// <value>Whether it was written to its client to the end; default false.</value>
    public bool IsDelivered { get; set; }

    /// <value>Responses that continue it; default 0.</value>
    public int Children { get; set; }

    /// <value>Whether it was deleted, and is but a link of its chain; default false.</value>
    public bool IsDeleted { get; set; }

    /// <value>The turns that came with it, as far as they are still there.</value>
    public IReadOnlyList<ConversationMessage> Own { get; private set; } = own;

    /// <summary>Whether it showed a screenshot.</summary>
    public bool Shows => Own.Any(t => TurnText.Screens(t) > 0);

    /// <summary>All turns up to its answer, which is the last.</summary>
    /// <param name="otherInstructions">The system's words instead of its own; null for its own.</param>
    public IReadOnlyList<ConversationMessage> History(string? otherInstructions = null)
    {
        var turns = new Stack<ConversationMessage>();
        for (var at = this; at is not null; at = at.Parent)
        {
            turns.Push(new ConversationMessage(ChatRole.Assistant, [ConversationPart.Of(at.Body.Output[0].Content[0].Text)]));
            foreach (var turn in at.Own.Reverse())
                turns.Push(turn);
        }

        return [.. SystemTurn(otherInstructions ?? Instructions), .. turns];
    }

    /// <summary>Instructions as a turn; none for none.</summary>
    public static IEnumerable<ConversationMessage> SystemTurn(string? instructions) =>
        instructions is null ? [] : [new ConversationMessage(ChatRole.System, [ConversationPart.Of(instructions)])];

    /// <summary>Takes its screenshots out; texts stay.</summary>
    public void DropScreens() => Own = [.. Own
        .Select(t => TurnText.Screens(t) == 0 ? t : t with { Parts = [.. t.Parts.Where(p => p.Screen is null)] })
        .Where(t => t.Parts.Count > 0)];
}

/// <summary>Responses that continue one another, and when any of them was used.</summary>
internal sealed class ResponseChain
{
    /// <value>When one of them was used last.</value>
    public DateTimeOffset LastUsed { get; set; }
}
