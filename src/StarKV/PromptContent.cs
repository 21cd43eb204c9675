using StarKV.Text;

namespace StarKV;

/// <summary>What a request asks about its screenshots, and how that becomes tokens.</summary>
internal abstract record PromptContent
{
    /// <summary>Makes the prompt.</summary>
    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="chat">How the model's family writes conversations.</param>
    /// <param name="style">The text around an instruction.</param>
    /// <param name="grids">Merged grid of each screenshot, oldest first.</param>
    /// <exception cref="StarKvException">The question and the screenshots do not fit together.</exception>
    public abstract TokenMap Encode(QwenTokenizer tokenizer, ChatFormat chat, PromptStyle style, IReadOnlyList<MergedGrid> grids);

    /// <summary>An instruction in words, put into the style's text.</summary>
    /// <param name="Text">What to do.</param>
    /// <param name="PastActions">The model's earlier answers, oldest first.</param>
    /// <param name="Position">Where the instruction is; null as the style has it.</param>
    public sealed record Instruction(string Text, IReadOnlyList<string> PastActions, InstructionPosition? Position) : PromptContent
    {
        /// <inheritdoc/>
        public override TokenMap Encode(QwenTokenizer tokenizer, ChatFormat chat, PromptStyle style, IReadOnlyList<MergedGrid> grids) =>
            new PromptBuilder(tokenizer, chat)
                .Build(style, new PromptRequest(Text, grids) { PastActions = PastActions, Position = Position });
    }

    /// <summary>A conversation that the caller makes.</summary>
    /// <param name="Messages">Makes it from the screenshots' merged grids.</param>
    public sealed record Conversation(Func<IReadOnlyList<MergedGrid>, IReadOnlyList<ChatMessage>> Messages) : PromptContent
    {
        /// <inheritdoc/>
        public override TokenMap Encode(QwenTokenizer tokenizer, ChatFormat chat, PromptStyle style, IReadOnlyList<MergedGrid> grids)
        {
            var prompt = new ChatTemplate(tokenizer, chat).Encode(Messages(grids));
            return prompt.Frames.Count == grids.Count ? prompt : throw new StarKvException(
                $"The conversation shows {prompt.Frames.Count} of {grids.Count} screenshot(s); each must be in it once, in order.");
        }
    }

    /// <summary>A prompt in the model's own chat form; control tokens in it act.</summary>
    /// <param name="Prompt">The text, with one image pad per screenshot.</param>
    public sealed record WrittenOut(string Prompt) : PromptContent
    {
        /// <inheritdoc/>
        public override TokenMap Encode(QwenTokenizer tokenizer, ChatFormat chat, PromptStyle style, IReadOnlyList<MergedGrid> grids) =>
            RawPrompt.Encode(tokenizer, Prompt, grids, chat);
    }
}
