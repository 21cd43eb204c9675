using System.Text.RegularExpressions;

namespace StarKV.Text;

/// <summary>
/// How a family of models writes a conversation: the text around a turn and around an image. Its markers are added tokens of the tokenizer.
/// </summary>
/// <remarks>Templates in model folders are programs and are not run.</remarks>
public sealed partial record ChatFormat
{
    /// <value>What opens a turn of the system, of the user and of the model.</value>
    public required string SystemStart { get; init; }

    /// <inheritdoc cref="SystemStart"/>
    public required string UserStart { get; init; }

    /// <inheritdoc cref="SystemStart"/>
    public required string AssistantStart { get; init; }

    /// <value>What closes a turn; begins with <see cref="Markers.TurnEnd"/>.</value>
    public required string TurnEnd { get; init; }

    /// <value>What comes before an image.</value>
    public required string ImageStart { get; init; }

    /// <value>The one added token that represents a vision token; in a prompt that is not yet expanded, for a whole image.</value>
    public required string ImagePad { get; init; }

    /// <value>What comes after an image.</value>
    public required string ImageEnd { get; init; }

    /// <value>The system message that is put in front when a conversation has none; null for none.</value>
    public required string? DefaultSystemMessage { get; init; }

    /// <summary>The form of Qwen2.5-VL and UI-TARS-1.5.</summary>
    /// <remarks>Source: the <c>chat_template</c> of the published Qwen2.5-VL-Instruct checkpoints.</remarks>
    public static ChatFormat Qwen { get; } = new()
    {
        SystemStart = $"{Markers.TurnStart}system\n",
        UserStart = $"{Markers.TurnStart}user\n",
        AssistantStart = $"{Markers.TurnStart}assistant\n",
        TurnEnd = $"{Markers.TurnEnd}\n",
        ImageStart = Markers.VisionStart,
        ImagePad = Markers.ImagePad,
        ImageEnd = Markers.VisionEnd,
        DefaultSystemMessage = "You are a helpful assistant.",
    };

    /// <summary>The form of Qwen3-VL: that of <see cref="Qwen"/>, but a conversation without a system message stays without one.</summary>
    /// <remarks>Source: the <c>chat_template</c> of the published Qwen3-VL-Instruct checkpoints.</remarks>
    public static ChatFormat Qwen3 { get; } = Qwen with { DefaultSystemMessage = null };

    /// <summary>The form of OpenCUA, which is that of the Kimi models.</summary>
    /// <remarks>
    /// Source: descriptions of OpenCUA's <c>chat_template</c>, which name its
    /// markers, and the published templates of Kimi-VL and Kimi-K2 for the
    /// rest. The order of the parts and the default system message are inferred; the prompt styles for OpenCUA bring their own message.
    /// </remarks>
    public static ChatFormat OpenCua { get; } = new()
    {
        SystemStart = "<|im_system|>system<|im_middle|>",
        UserStart = "<|im_user|>user<|im_middle|>",
        AssistantStart = "<|im_assistant|>assistant<|im_middle|>",
        TurnEnd = Markers.TurnEnd,
        ImageStart = "<|media_begin|>image<|media_content|>",
        ImagePad = "<|media_placeholder|>",
        ImageEnd = "<|media_end|>",
        DefaultSystemMessage = "You are a helpful assistant",
    };

    /// <summary>What opens a turn.</summary>
    public string TurnStart(ChatRole role) => role switch
    {
        ChatRole.System => SystemStart,
        ChatRole.Assistant => AssistantStart,
        _ => UserStart,
    };

    /// <summary>The added tokens that the format is made of.</summary>
    internal IEnumerable<string> AddedTokens() =>
        AddedToken()
            .Matches(SystemStart + UserStart + AssistantStart + TurnEnd + ImageStart + ImagePad + ImageEnd)
            .Select(match => match.Value)
            .Distinct();

    /// <summary>True when an added token is the first of a turn.</summary>
    internal bool BeginsTurn(string added) =>
        Enum.GetValues<ChatRole>().Any(role => TurnStart(role).StartsWith(added, StringComparison.Ordinal));

    /// <summary>
    /// Who speaks in the turn that <paramref name="prompt"/> begins with; a role that the format does not know counts as the user.
    /// </summary>
    internal ChatRole RoleAt(ReadOnlySpan<char> prompt)
    {
        foreach (var role in Enum.GetValues<ChatRole>())
        {
            if (prompt.StartsWith(TurnStart(role)))
                return role;
        }

        return ChatRole.User;
    }

    [GeneratedRegex(@"<\|\w+\|>", RegexOptions.NonBacktracking)]
    private static partial Regex AddedToken();
}
