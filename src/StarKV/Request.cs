using StarKV.Compact;
using StarKV.Input;

namespace StarKV;

/// <summary>What is asked of the engine at once: every door of the agent makes one.</summary>
/// <param name="Screens">Screenshots, oldest first; a copy that the caller does not change.</param>
/// <param name="Content">What is asked about them.</param>
/// <param name="Compressions">How the prompt's cache is compressed; each gives an answer. At least one.</param>
/// <param name="Options">Prompt style, sizes and generation.</param>
internal sealed record Request(
    IReadOnlyList<Screenshot> Screens, PromptContent Content, IReadOnlyList<Compression> Compressions, AnswerOptions Options)
{
    /// <value>Called on the inference thread with each new piece of the answer; null (default) for none.</value>
    public Action<string>? OnText { get; init; }
}
