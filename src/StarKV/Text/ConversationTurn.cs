namespace StarKV.Text;

/// <summary>One turn of a task: what the user showed and said, and what the model answered.</summary>
/// <param name="Frames">Merged grids of the turn's screenshots, oldest first; empty when it has none or they were dropped.</param>
/// <param name="Text">Further words of the user, which stand after the screenshots; null (default) or empty for none.</param>
/// <param name="Answer">The model's answer, which may be empty; null (default) while it is to be given.</param>
public sealed record ConversationTurn(IReadOnlyList<MergedGrid> Frames, string? Text = null, string? Answer = null)
{
    /// <value>
    /// Whether the turn has left the conversation: nothing of it is written, and later turns keep their numbers. Default false.
    /// </value>
    public bool Left { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        ListText.Count(Frames.Count, "screenshot")
            + (string.IsNullOrEmpty(Text) ? "" : $", \"{Text}\"")
            + (Answer is null ? "" : $", answered \"{Answer}\"")
            + (Left ? ", left" : "");
}
