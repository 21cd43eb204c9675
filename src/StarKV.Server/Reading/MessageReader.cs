using StarKV.Server.Errors;
using StarKV.Text;

namespace StarKV.Server.Reading;

/// <summary>Reads the messages of both dialects.</summary>
/// <param name="screens">Reads their screenshots.</param>
/// <param name="limits">What is accepted.</param>
internal sealed class MessageReader(ScreenReader screens, RequestLimits limits)
{
    /// <summary>Reads a list of messages.</summary>
    /// <param name="list">The list.</param>
    /// <param name="scope">Whose they are.</param>
    /// <exception cref="ApiException">A message is not one that can be read.</exception>
    public List<ConversationMessage> Read(Field list, string scope)
    {
        if (list.IsAbsent)
            throw list.Missing();
        var count = new Count(scope, new TextLimits(limits));
        return [.. list.Items().Select(item => new ConversationMessage(Role(item), Parts(item["content"], item, count)))];
    }

    /// <summary>Reads a text, as the user's message, or a list of messages.</summary>
    /// <inheritdoc cref="Read"/>
    public List<ConversationMessage> ReadInput(Field input, string scope) => input.IsText
        ? [new ConversationMessage(ChatRole.User, [Words(input, new Count(scope, new TextLimits(limits)))])]
        : Read(input, scope);

    private static ChatRole Role(Field message)
    {
        if (!message.IsObject)
            throw message.Wrong("a message with role and content");
        var type = message["type"];
        if (type.IsText && type.Text() != "message")
        {
            throw ApiException.Invalid(
                "unsupported_item", $"{message.Path} is an item of type {type.Text()}; only messages can be read. Leave it out.",
                message.Path);
        }

        var role = message["role"];
        if (role.IsAbsent)
            throw role.Missing();
        return role.Text() switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            var other => throw ApiException.Invalid(
                "unsupported_item", $"{role.Path} is {other}; messages of system, developer, user and assistant can be read.", role.Path),
        };
    }

    private List<ConversationPart> Parts(Field content, Field message, Count count)
    {
        if (content.IsAbsent)
        {
            // A client that got no text sends none back.
            return message["role"].Text() == "assistant" ? [ConversationPart.Of("")] : throw content.Missing();
        }

        if (content.IsText)
            return [Words(content, count)];
        var parts = new List<ConversationPart>();
        foreach (var part in content.Items())
            parts.Add(Part(part, count));
        return parts.Count > 0 ? parts : throw content.Wrong("a text or a list of at least one part");
    }

    private ConversationPart Part(Field part, Count count)
    {
        var type = part["type"];
        if (type.IsAbsent)
            throw type.Missing();
        switch (type.Text())
        {
            case "text" or "input_text" or "output_text":
                return part["text"].IsAbsent ? throw part["text"].Missing() : Words(part["text"], count);
            case "image_url" or "input_image":
                if (++count.Images > limits.Images)
                {
                    throw ApiException.Invalid(
                        "invalid_image",
                        $"{part.Path} is one image more than the {limits.Images} that a request may have (Images); show fewer.",
                        part.Path);
                }

                var image = part["image_url"];
                var address = image.IsObject ? image["url"] : image;
                return address.IsAbsent ? throw address.Missing() : ConversationPart.Of(screens.Read(address, count.Scope));
            case var other:
                throw ApiException.Invalid(
                    "unsupported_item", $"{part.Path} is of type {other}; parts of text and images can be read.", part.Path);
        }
    }

    private static ConversationPart Words(Field field, Count count)
    {
        var text = field.Text();
        count.Texts.Add(text, field.Path);
        return ConversationPart.Of(text);
    }

    /// <summary>What one request has had so far.</summary>
    private sealed class Count(string scope, TextLimits texts)
    {
        /// <summary>Whose request it is.</summary>
        public string Scope { get; } = scope;

        /// <summary>Its texts.</summary>
        public TextLimits Texts { get; } = texts;

        /// <value>Its images; default 0.</value>
        public int Images { get; set; }
    }
}
