using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>Turns of conversations, made from prompt texts.</summary>
internal static class Turn
{
    /// <summary>A text with its placeholders filled; the instruction is marked.</summary>
    /// <param name="template">Text with {instruction} and the names of <paramref name="values"/>.</param>
    /// <param name="instruction">The task.</param>
    /// <param name="values">Further placeholders; default none.</param>
    public static TextPart Fill(string template, string instruction, IReadOnlyDictionary<string, string>? values = null) =>
        new PromptStyle("", template, null, InstructionPosition.Last)
            .Fill(new PromptRequest(instruction, []) { Values = values ?? new Dictionary<string, string>() });

    /// <summary>A conversation of one screenshot and one filled text.</summary>
    /// <param name="template">Text with {instruction} and the names of <paramref name="values"/>.</param>
    /// <param name="instruction">The task.</param>
    /// <param name="values">Further placeholders; default none.</param>
    /// <param name="system">System message; null (default) takes the chat template's.</param>
    public static Conversation Ask(
        string template, string instruction, IReadOnlyDictionary<string, string>? values = null, string? system = null)
    {
        var text = Fill(template, instruction, values);
        return (grids, _) => [.. System(system), ChatMessage.Of(ChatRole.User, grids[^1], text)];
    }

    /// <summary>A system turn; none for null.</summary>
    public static IEnumerable<ChatMessage> System(string? text) => text is null ? [] : [ChatMessage.Of(ChatRole.System, text)];
}
