namespace StarKV.Text;

/// <summary>Who speaks in a turn.</summary>
public enum ChatRole
{
    /// <summary>Sets the rules of the conversation.</summary>
    System,

    /// <summary>Asks, and shows screenshots.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}

/// <summary>A piece of a message: text or image.</summary>
public abstract record ChatPart
{
    private protected ChatPart() { }

    /// <summary>Text becomes a separate part.</summary>
    public static implicit operator ChatPart(string text) => FromString(text);

    /// <summary>A screenshot's merged grid becomes a separate part.</summary>
    public static implicit operator ChatPart(MergedGrid grid) => FromMergedGrid(grid);

    /// <summary>Makes a part of text.</summary>
    public static ChatPart FromString(string text) => new TextPart(text);

    /// <summary>Makes a part of an image.</summary>
    public static ChatPart FromMergedGrid(MergedGrid grid) => new ImagePart(grid);
}

/// <summary>Text, taken as it is: markers of the template inside it stay text.</summary>
/// <param name="Text">The text; may be empty.</param>
public sealed record TextPart(string Text) : ChatPart
{
    /// <value>Where in the text the user's instruction stands, in characters; null when it holds none.</value>
    public (int Start, int End)? Instruction { get; init; }

    /// <value>
    /// True when <see cref="BoxMarks"/> in it are tokens where the vocabulary has them, as programs of UI-TARS write their prompts and
    /// answers; default false.
    /// </value>
    internal bool HasBoxMarks { get; init; }

    /// <value>True when the marked words are further ones of the user and not the task; default false.</value>
    internal bool Further { get; init; }
}

/// <summary>An image.</summary>
/// <param name="Grid">Its merged grid: rows × columns vision tokens.</param>
public sealed record ImagePart(MergedGrid Grid) : ChatPart;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">Text and images in their order; nothing is put between them.</param>
public sealed record ChatMessage(ChatRole Role, IReadOnlyList<ChatPart> Parts)
{
    /// <summary>A turn of these parts.</summary>
    public static ChatMessage Of(ChatRole role, params ChatPart[] parts) => new(role, parts);

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Role}: {ListText.Of(Parts)}";
}
