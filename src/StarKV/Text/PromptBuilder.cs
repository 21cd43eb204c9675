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
        var messages = new List<ChatMessage>();
        if (style.SystemMessage is not null)
            messages.Add(ChatMessage.Of(ChatRole.System, style.SystemMessage));

        var text = style.Fill(request);
        var first = (request.Position ?? style.Position) == InstructionPosition.First;
        if (first)
            messages.Add(ChatMessage.Of(ChatRole.User, text));

        var current = AddHistory(messages, style, request);
        messages.Add(new ChatMessage(ChatRole.User, first ? current : [.. current, text]));
        return messages;
    }

    // Writes the earlier steps and returns the images of the current turn.
    private static List<ChatPart> AddHistory(List<ChatMessage> messages, PromptStyle style, PromptRequest request)
    {
        var (frames, actions) = (request.Frames, request.PastActions);
        if (actions.Count == 0)
            return [.. frames.Select(ChatPart.FromMergedGrid)];

        // Screenshots that left the window are gone; their answers stay.
        var withoutFrame = actions.Count - (frames.Count - 1);
        for (var i = 0; i < actions.Count; i++)
        {
            if (i >= withoutFrame)
                messages.Add(ChatMessage.Of(ChatRole.User, frames[i - withoutFrame]));
            messages.Add(ChatMessage.Of(ChatRole.Assistant, style.PastAnswer(i + 1, actions[i])));
        }

        return [frames[^1]];
    }

    private static void Check(PromptRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Instruction))
            throw new StarKvException("The instruction is empty; say what is to be done on the screen.");
        if (request.Frames.Count == 0)
            throw new StarKvException("There is no screenshot; give at least one image.");
        if (request.PastActions.Count > 0 && request.PastActions.Count < request.Frames.Count - 1)
            throw new StarKvException(
                $"There are {request.Frames.Count} screenshots but {request.PastActions.Count} past "
                    + $"actions; give one for each earlier screenshot ({request.Frames.Count - 1}) or none.");
    }
}
