using StarKV.Input;
using StarKV.Text;

namespace StarKV;

/// <summary>One message of a conversation that the caller writes.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">Text and screenshots in their order; nothing is put between them.</param>
public sealed record ConversationMessage(ChatRole Role, IReadOnlyList<ConversationPart> Parts)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Role}: {ListText.Of(Parts)}";
}

/// <summary>A piece of a message: words or a screenshot.</summary>
/// <remarks>Immutable, so thread-safe.</remarks>
public sealed class ConversationPart
{
    private ConversationPart(string? text, Screenshot? screen) => (Text, Screen) = (text, screen);

    /// <summary>
    /// The words, taken as they are: markers of the chat's form inside them stay text, but for <c>&lt;|box_start|&gt;</c> and
    /// <c>&lt;|box_end|&gt;</c>, which are tokens where the vocabulary has them. Null for a screenshot.
    /// </summary>
    public string? Text { get; }

    /// <summary>The screenshot; null for words.</summary>
    public Screenshot? Screen { get; }

    /// <summary>Makes a part of words.</summary>
    public static ConversationPart Of(string text) => new(text ?? throw new ArgumentNullException(nameof(text)), null);

    /// <summary>Makes a part of a screenshot.</summary>
    public static ConversationPart Of(Screenshot screen) => new(null, screen ?? throw new ArgumentNullException(nameof(screen)));

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => Text ?? $"{Screen!.Name}, {Screen.Width}×{Screen.Height} px";
}
