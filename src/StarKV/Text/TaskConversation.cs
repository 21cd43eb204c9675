namespace StarKV.Text;

/// <summary>A task and all its turns up to the answer that is to be given: what a session has the model read.</summary>
/// <remarks>
/// Immutable. Written out anew for each step: a later step's tokens begin with an earlier one's as far as
/// <see cref="TokenMap.CommonPrefix"/> says, which depends on where the instruction stands and on how the style shows earlier answers.
/// </remarks>
/// <param name="Style">The text around the instruction, and how earlier answers are shown.</param>
/// <param name="Instruction">The task in the user's words; not blank.</param>
/// <param name="Turns">The turns, oldest first, at least one with a screenshot. All but the last have their answer.</param>
public sealed record TaskConversation(PromptStyle Style, string Instruction, IReadOnlyList<ConversationTurn> Turns)
{
    /// <value>
    /// Where the instruction stands; null (default) as the style has it. <see cref="InstructionPosition.First"/> is a message before all
    /// turns, <see cref="InstructionPosition.Last"/> the end of the last turn's message, <see cref="InstructionPosition.Opening"/> the
    /// beginning of the first message of the user.
    /// </value>
    public InstructionPosition? Position { get; init; }

    /// <value>The language the model is asked to think in; default English.</value>
    public string Language { get; init; } = "English";

    /// <value>Further placeholders of the style's text with their values; default none.</value>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>The messages, oldest first, without the opening of the answer.</summary>
    /// <remarks>
    /// A turn is a message of the user, its screenshots before its text, and one of the model, with the answer as the style shows it at
    /// that step. A turn without screenshots and text has no message of the user, one that left
    /// has none at all. In the last position the instruction's text follows
    /// the turn's own text in a new line. A style may write the turns before the first screenshot or words into its text, a line for each;
    /// they have no messages then.
    /// </remarks>
    /// <exception cref="StarKvException">
    /// The instruction is blank, no turn has a screenshot, an earlier turn has no answer, or the last one has one.
    /// </exception>
    public IReadOnlyList<ChatMessage> Messages()
    {
        Check();
        var messages = new List<ChatMessage>();
        if (Style.SystemMessage is not null)
            messages.Add(ChatMessage.Of(ChatRole.System, Style.SystemMessage));

        var position = Position ?? Style.Position;
        var opening = OpeningTurn();
        var text = Text(opening);
        if (position == InstructionPosition.First)
            messages.Add(ChatMessage.Of(ChatRole.User, text));
        for (var i = Style.Steps is null ? 0 : opening; i < Turns.Count; i++)
        {
            if (Turns[i].Left)
                continue;
            var parts = Shown(Turns[i]);
            if (position == InstructionPosition.Opening && i == opening)
                parts.InsertRange(0, parts is [TextPart, ..] ? [text, "\n"] : [text]);
            if (position == InstructionPosition.Last && i == Turns.Count - 1)
                parts.AddRange(parts is [.., TextPart] ? ["\n", text] : [text]);
            if (parts.Count > 0)
                messages.Add(new ChatMessage(ChatRole.User, parts));
            if (Turns[i].Answer is { } answer)
                messages.Add(ChatMessage.Of(ChatRole.Assistant, Style.PastAnswer(i + 1, answer)));
        }

        return messages;
    }

    /// <summary>Writes the conversation as tokens; they end with the opening of the answer.</summary>
    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="format">How the model's family writes conversations; default <see cref="ChatFormat.Qwen"/>.</param>
    /// <exception cref="StarKvException">As for <see cref="Messages"/>, or the tokenizer lacks one of the format's markers.</exception>
    public TokenMap Encode(QwenTokenizer tokenizer, ChatFormat? format = null) => new ChatTemplate(tokenizer, format).Encode(Messages());

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"\"{Instruction}\" in {Style.Name}, turns {ListText.Of(Turns)}";

    /// <summary>The first turn that shows or says something; the last one when none does.</summary>
    private int OpeningTurn()
    {
        var turn = 0;
        while (turn < Turns.Count - 1 && (Turns[turn].Left || Shown(Turns[turn]).Count == 0))
            turn++;
        return turn;
    }

    private TextPart Text(int opening)
    {
        if (Style.Steps is not { } lines)
            return Style.Fill(Instruction, Language, Values);
        var steps = Enumerable.Range(0, opening).Where(i => !Turns[i].Left).Select(i => (i, Turns[i].Answer!)).ToList();
        var values = new Dictionary<string, string>(Values) { [StepLines.Placeholder] = lines.Write(steps) };
        return Style.Fill(Instruction, Language, values);
    }

    private static List<ChatPart> Shown(ConversationTurn turn)
    {
        List<ChatPart> parts = [.. turn.Frames.Select(ChatPart.FromMergedGrid)];
        if (!string.IsNullOrEmpty(turn.Text))
            parts.Add(new TextPart(turn.Text) { Instruction = (0, turn.Text.Length), Further = true });
        return parts;
    }

    private void Check()
    {
        if (string.IsNullOrWhiteSpace(Instruction))
            throw new StarKvException("The instruction is empty; say what is to be done on the screen.");
        if (Turns.All(turn => turn.Frames.Count == 0))
            throw new StarKvException("There is no screenshot; give at least one image.");
        for (var i = 0; i < Turns.Count - 1; i++)
        {
            if (Turns[i].Answer is null)
                throw new StarKvException($"Turn {i + 1} of {Turns.Count} has no answer; only the last turn's is still to be given.");
        }

        if (Turns[^1].Answer is not null)
            throw new StarKvException(
                $"The last of {ListText.Count(Turns.Count, "turn")} has its answer already; add the turn to be answered.");
    }
}
