using StarKV.Decode;

namespace StarKV.Extensions.AI;

/// <summary>A conversation that the client keeps: a session, and what it was begun with.</summary>
/// <param name="id">Its id.</param>
/// <param name="session">Its session; taken.</param>
/// <param name="system">Its system text; null where the prompt style has its own.</param>
/// <param name="own">What its first call asked of StarKV alone.</param>
internal sealed class Conversation(string id, GuiSession session, string? system, IReadOnlyDictionary<string, object> own) : IDisposable
{
    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>Its session; borrowed.</summary>
    public GuiSession Session => session;

    /// <summary>Closes it when nobody asked for it; set by the table that it is in, which also says when it is disposed.</summary>
    public ITimer? Idle { get; set; }

    /// <summary>Whether a step is under way; read and written by the table alone.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Checks that a further call asks for nothing but what the conversation was begun with.</summary>
    /// <param name="call">The call.</param>
    /// <param name="messages">What it says.</param>
    /// <exception cref="StarKvException">It asks for something else.</exception>
    public void Check(ChatCall call, TaskMessages messages)
    {
        if (messages.Turns.Count > 1)
            throw new StarKvException(
                $"The messages hold an answer of the assistant's, but conversation '{id}' knows its own; send what is new alone, "
                    + $"or leave ConversationId out and send everything.");
        if (messages.System is not null && messages.System != system)
            throw new StarKvException(
                $"The system text is not the one that conversation '{id}' was begun with; leave it out, or begin another conversation.");
        foreach (var (key, value) in call.Own)
        {
            if (!own.TryGetValue(key, out var before) || $"{before}" != $"{value}")
                throw Other($"AdditionalProperties['{key}']", $"{value}", before is null ? "the client's own value" : $"{before}");
        }

        var (asked, has) = (call.Generation(session.Options.Generation), session.Options.Generation);
        Same("MaxOutputTokens", g => g.MaxNewTokens);
        Same("Temperature", g => g.Temperature);
        Same("TopP", g => g.TopP);
        Same("TopK", g => g.TopK);
        Same("Seed", g => g.Seed);
        Same("StopSequences", g => string.Join(", ", g.StopStrings.Select(s => $"\"{s}\"")));

        void Same(string name, Func<GenerationOptions, object> value)
        {
            if (!value(asked).Equals(value(has)))
                throw Other($"ChatOptions.{name}", Text(value(asked)), Text(value(has)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Idle?.Dispose();
        session.Dispose();
    }

    private static string Text(object value) => FormattableString.Invariant($"{value}");

    private StarKvException Other(string name, string asked, string has) => new(
        $"{name} is {asked}, but conversation '{id}' was begun with {has}, and a conversation's options stay. "
            + $"Leave it out, or begin another conversation.");
}
