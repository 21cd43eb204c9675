namespace StarKV.Prefill;

/// <summary>Holds prompts and answers to the length that a model was made for; beyond it answers are nonsense without an error.</summary>
internal static class ContextLength
{
    /// <summary>Refuses a prompt that with the longest answer allowed has more tokens than the model has positions.</summary>
    /// <param name="most">The model's <c>max_position_embeddings</c>.</param>
    /// <param name="prompt">Tokens of the prompt, those of screenshots included.</param>
    /// <param name="answer">Longest answer in tokens, 0 or more.</param>
    /// <exception cref="StarKvException">It has; the sentence says how many tokens are left for the answer.</exception>
    public static void Check(int most, int prompt, int answer = 0)
    {
        var (together, left) = ((long)prompt + answer, most - prompt);
        if (together <= most)
            return;
        throw new StarKvException(left < 1
            ? $"The prompt has {prompt} tokens; the model takes {most} (max_position_embeddings in config.json), its answer included. " +
              "Shorten the instruction or the past actions, or give fewer or smaller screenshots."
            : $"The prompt has {prompt} tokens and its answer may have {answer} (max-new-tokens), {together} together; the model takes {most} (max_position_embeddings in config.json). " +
              $"{left} are left for the answer: set max-new-tokens to {left} or less, or shorten the prompt.");
    }
}
