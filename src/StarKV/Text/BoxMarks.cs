namespace StarKV.Text;

/// <summary>
/// What stands around a place in answers of UI-TARS, and in the prompts that ask for it: tokens of their own in vocabularies of Qwen2.5-VL.
/// They end no turn and begin none, so that it does no harm where a user writes them.
/// </summary>
internal static class BoxMarks
{
    private static readonly string[] s_marks = ["<|box_start|>", "<|box_end|>"];

    /// <summary>Writes text in which they act; where the vocabulary lacks them they stay text.</summary>
    public static void Write(string text, QwenTokenizer tokenizer, PromptWriter writer)
    {
        foreach (var (piece, added) in tokenizer.Split(text))
        {
            if (added is not null && s_marks.Contains(piece))
                writer.Marker(added.Id);
            else
                writer.Text(piece);
        }
    }
}
