namespace StarKV.Text;

/// <summary>Puts an instruction and screenshots into the prompt of a model.</summary>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="format">How the model's family writes conversations; default <see cref="ChatFormat.Qwen"/>.</param>
/// <exception cref="StarKvException">The tokenizer lacks one of the format's markers.</exception>
public sealed class PromptBuilder(QwenTokenizer tokenizer, ChatFormat? format = null)
{
    private readonly ChatTemplate _template = new(tokenizer, format);

    /// <summary>Makes the prompt, tokenised, with every token's class, frame and cell.</summary>
    /// <param name="style">The text around the instruction.</param>
    /// <param name="request">Instruction, screenshots, history.</param>
    /// <exception cref="StarKvException">The instruction is blank, there is no screenshot, or answers are missing.</exception>
    public TokenMap Build(PromptStyle style, PromptRequest request) => _template.Encode(Messages(style, request));

    /// <summary>Makes the conversation that <see cref="Build"/> tokenises.</summary>
    /// <inheritdoc cref="Build" path="/param"/>
    /// <inheritdoc cref="Build" path="/exception"/>
    public static IReadOnlyList<ChatMessage> Messages(PromptStyle style, PromptRequest request)
    {
        Check(request);
        return new TaskConversation(style, request.Instruction, Turns(request.Frames, request.PastActions))
        {
            Position = request.Position,
            Language = request.Language,
            Values = request.Values,
        }.Messages();
    }

    private static List<ConversationTurn> Turns(IReadOnlyList<MergedGrid> frames, IReadOnlyList<string> actions)
    {
        if (actions.Count == 0)
            return [new(frames)];

        // Screenshots that left the window are gone; their answers stay.
        var withoutFrame = actions.Count - (frames.Count - 1);
        return
        [
            .. actions.Select((action, i) => new ConversationTurn(i < withoutFrame ? [] : [frames[i - withoutFrame]], Answer: action)),
            new([.. frames.TakeLast(1)]),
        ];
    }

    private static void Check(PromptRequest request)
    {
        if (request.PastActions.Count > 0 && request.PastActions.Count < request.Frames.Count - 1)
            throw new StarKvException(
                $"There are {request.Frames.Count} screenshots but {request.PastActions.Count} past "
                    + $"actions; give one for each earlier screenshot ({request.Frames.Count - 1}) or none.");
    }
}
