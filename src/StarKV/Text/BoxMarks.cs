namespace StarKV.Text;

/// <summary>
/// What stands around a place in answers of UI-TARS, and in the prompts that ask for it: tokens of their own in vocabularies of Qwen2.5-VL.
/// They end no turn and begin none, so that it does no harm where a user writes them.
/// </summary>
internal static class BoxMarks
{
    private static readonly string[] s_marks = ["<|box_start|>", "<|box_end|>"];

    /// <summary>Whether a text has them.</summary>
    public static bool AreIn(string text) => s_marks.Any(m => text.Contains(m, StringComparison.Ordinal));

    /// <summary>
    /// Writes text in which they act, but for the user's task in it; where the vocabulary lacks them they stay text.
    /// </summary>
    public static void Write(TextPart part, QwenTokenizer tokenizer, PromptWriter writer)
    {
        var (text, (start, end)) = (part.Text, part.Instruction ?? (part.Text.Length, part.Text.Length));
        Write(text[..start]);
        writer.Text(text[start..end], (0, end - start), part.Further);
        Write(text[end..]);

        void Write(string words)
        {
            foreach (var (piece, added) in tokenizer.Split(words))
            {
                if (added is not null && s_marks.Contains(piece))
                    writer.Marker(added.Id);
                else
                    writer.Text(piece);
            }
        }
    }
}
