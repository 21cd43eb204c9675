using System.Text;

namespace StarKV.Text;

/// <summary>The chat template of Qwen2.5-VL: turns messages into the prompt that the model was trained to continue.</summary>
/// <remarks>Source: the <c>chat_template</c> of the published Qwen2.5-VL-Instruct checkpoints.</remarks>
public sealed class ChatTemplate
{
    /// <summary>The system message that is put in front when a conversation has none.</summary>
    public const string DefaultSystemMessage = "You are a helpful assistant.";

    private readonly QwenTokenizer _tokenizer;
    private readonly int _turnStart, _turnEnd, _visionStart, _visionEnd;

    /// <summary>Prepares the template.</summary>
    /// <exception cref="StarKvException">The tokenizer lacks one of the template's markers.</exception>
    public ChatTemplate(QwenTokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _turnStart = tokenizer.IdOf(Markers.TurnStart);
        _turnEnd = tokenizer.IdOf(Markers.TurnEnd);
        _visionStart = tokenizer.IdOf(Markers.VisionStart);
        _visionEnd = tokenizer.IdOf(Markers.VisionEnd);
        _ = tokenizer.IdOf(Markers.ImagePad);
    }

    /// <summary>Tokenises a conversation; every image takes as many tokens as its grid has cells.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="openAnswer">True (default) ends with the opening of the assistant's turn.</param>
    public TokenMap Encode(IReadOnlyList<ChatMessage> messages, bool openAnswer = true)
    {
        var writer = new PromptWriter(_tokenizer);
        foreach (var message in WithSystem(messages))
        {
            writer.Begin(ClassOf(message.Role));
            writer.Marker(_turnStart);
            writer.Text(NameOf(message.Role) + "\n");
            foreach (var part in message.Parts)
                Write(part, writer);
            writer.Marker(_turnEnd);
            writer.Text("\n");
        }

        if (openAnswer)
        {
            writer.Begin(TokenClass.Assistant);
            writer.Marker(_turnStart);
            writer.Text(NameOf(ChatRole.Assistant) + "\n");
        }

        return writer.Finish();
    }

    /// <summary>Writes a conversation as text, with one <see cref="Markers.ImagePad"/> for each image.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="openAnswer">True (default) ends with the opening of the assistant's turn.</param>
    public static string Render(IReadOnlyList<ChatMessage> messages, bool openAnswer = true)
    {
        var prompt = new StringBuilder();
        foreach (var message in WithSystem(messages))
        {
            prompt.Append(Markers.TurnStart).Append(NameOf(message.Role)).Append('\n');
            foreach (var part in message.Parts)
                prompt.Append(part is TextPart text ? text.Text : Markers.VisionStart + Markers.ImagePad + Markers.VisionEnd);
            prompt.Append(Markers.TurnEnd).Append('\n');
        }

        if (openAnswer)
            prompt.Append(Markers.TurnStart).Append(NameOf(ChatRole.Assistant)).Append('\n');
        return prompt.ToString();
    }

    /// <summary>The class that the tokens of a turn belong to.</summary>
    internal static TokenClass ClassOf(ChatRole role) => role switch
    {
        ChatRole.System => TokenClass.System,
        ChatRole.Assistant => TokenClass.Assistant,
        _ => TokenClass.User,
    };

    private static string NameOf(ChatRole role) => role switch
    {
        ChatRole.System => "system",
        ChatRole.Assistant => "assistant",
        _ => "user",
    };

    private static IEnumerable<ChatMessage> WithSystem(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count == 0)
            throw new StarKvException("The conversation is empty; give at least one message.");
        return messages[0].Role == ChatRole.System
            ? messages
            : messages.Prepend(ChatMessage.Of(ChatRole.System, DefaultSystemMessage));
    }

    private void Write(ChatPart part, PromptWriter writer)
    {
        if (part is TextPart text)
        {
            writer.Text(text.Text, text.Instruction);
            return;
        }

        writer.Marker(_visionStart);
        writer.Image(((ImagePart)part).Grid);
        writer.Marker(_visionEnd);
    }
}
