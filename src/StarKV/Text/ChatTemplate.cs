using System.Text;

namespace StarKV.Text;

/// <summary>Turns messages into the prompt that a model was trained to continue.</summary>
public sealed class ChatTemplate
{
    private readonly QwenTokenizer _tokenizer;
    private readonly ChatFormat _format;
    private readonly ImageMarkers _markers;

    /// <summary>Prepares the template.</summary>
    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="format">How its family writes conversations; default <see cref="ChatFormat.Qwen"/>.</param>
    /// <exception cref="StarKvException">The tokenizer lacks one of the format's markers.</exception>
    public ChatTemplate(QwenTokenizer tokenizer, ChatFormat? format = null)
    {
        _tokenizer = tokenizer;
        _format = format ?? ChatFormat.Qwen;
        Check(tokenizer, _format);
        _markers = ImageMarkers.Of(tokenizer, _format);
    }

    /// <summary>Says whether a tokenizer has the format's markers.</summary>
    /// <exception cref="StarKvException">It lacks one of them.</exception>
    internal static void Check(QwenTokenizer tokenizer, ChatFormat format)
    {
        foreach (var marker in format.AddedTokens())
            _ = tokenizer.IdOf(marker);
    }

    /// <summary>Tokenises a conversation; every image takes as many tokens as its grid has cells.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="openAnswer">True (default) ends with the opening of the assistant's turn.</param>
    public TokenMap Encode(IReadOnlyList<ChatMessage> messages, bool openAnswer = true)
    {
        var writer = new PromptWriter(_tokenizer, _format.ImagePad);
        foreach (var message in WithSystem(messages, _format))
        {
            writer.Begin(ClassOf(message.Role));
            writer.Template(_format.TurnStart(message.Role));
            foreach (var part in message.Parts)
                Write(part, writer);
            writer.Template(_format.TurnEnd);
        }

        if (openAnswer)
        {
            writer.Begin(TokenClass.Assistant);
            writer.Template(_format.AssistantStart);
        }

        return writer.Finish(openAnswer);
    }

    /// <summary>Writes a conversation as text, with one <see cref="ChatFormat.ImagePad"/> for each image.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="openAnswer">True (default) ends with the opening of the assistant's turn.</param>
    /// <param name="format">How the model's family writes conversations; default <see cref="ChatFormat.Qwen"/>.</param>
    public static string Render(IReadOnlyList<ChatMessage> messages, bool openAnswer = true, ChatFormat? format = null)
    {
        format ??= ChatFormat.Qwen;
        var prompt = new StringBuilder();
        foreach (var message in WithSystem(messages, format))
        {
            prompt.Append(format.TurnStart(message.Role));
            foreach (var part in message.Parts)
                prompt.Append(part is TextPart text ? text.Text : format.ImageStart + format.ImagePad + format.ImageEnd);
            prompt.Append(format.TurnEnd);
        }

        if (openAnswer)
            prompt.Append(format.AssistantStart);
        return prompt.ToString();
    }

    /// <summary>The class that the tokens of a turn belong to.</summary>
    internal static TokenClass ClassOf(ChatRole role) => role switch
    {
        ChatRole.System => TokenClass.System,
        ChatRole.Assistant => TokenClass.Assistant,
        _ => TokenClass.User,
    };

    private static IEnumerable<ChatMessage> WithSystem(IReadOnlyList<ChatMessage> messages, ChatFormat format)
    {
        if (messages.Count == 0)
            throw new StarKvException("The conversation is empty; give at least one message.");
        return messages[0].Role == ChatRole.System || format.DefaultSystemMessage is null
            ? messages
            : messages.Prepend(ChatMessage.Of(ChatRole.System, format.DefaultSystemMessage));
    }

    private void Write(ChatPart part, PromptWriter writer)
    {
        if (part is TextPart { HasBoxMarks: true } marked)
        {
            BoxMarks.Write(marked, _tokenizer, writer);
            return;
        }

        if (part is TextPart text)
        {
            writer.Text(text.Text, text.Instruction, text.Further);
            return;
        }

        writer.Template(_format.ImageStart);
        writer.Image(((ImagePart)part).Grid, _markers.Before, _markers.After);
        writer.Template(_format.ImageEnd);
    }
}
