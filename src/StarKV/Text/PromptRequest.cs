namespace StarKV.Text;

/// <summary>Where the instruction is in a conversation of several screenshots.</summary>
public enum InstructionPosition
{
    /// <summary>In a separate turn before the first screenshot.</summary>
    First,

    /// <summary>In the last turn, after the newest screenshot.</summary>
    Last,

    /// <summary>In the message of the first turn that shows or says something, before its screenshots.</summary>
    Opening,
}

/// <summary>What is asked of the model in one step.</summary>
/// <param name="Instruction">The task in the user's words; not blank.</param>
/// <param name="Frames">Merged grid of each screenshot, oldest first; at least one. The last is the current screen.</param>
public sealed record PromptRequest(string Instruction, IReadOnlyList<MergedGrid> Frames)
{
    /// <value>
    /// The model's earlier answers, oldest first; default none. Each follows its screenshot, so there are at least
    /// <c>Frames.Count − 1</c>; answers beyond that are older than every screenshot. With none, all screenshots share one turn.
    /// </value>
    public IReadOnlyList<string> PastActions { get; init; } = [];

    /// <value>Where the instruction stands; null (default) as the style has it.</value>
    public InstructionPosition? Position { get; init; }

    /// <value>The language the model is asked to think in; default English.</value>
    public string Language { get; init; } = "English";

    /// <value>Further placeholders of the style's text with their values; default none.</value>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"\"{Instruction}\" about {ListText.Count(Frames.Count, "screenshot")}, past actions {ListText.Of(PastActions)}";
}
