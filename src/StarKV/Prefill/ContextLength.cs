using StarKV.Text;

namespace StarKV.Prefill;

/// <summary>
/// Holds prompts and answers to the positions that a model was made for; beyond them answers are nonsense without an error.
/// </summary>
/// <remarks>
/// Positions are counted, not tokens: with M-RoPE a screenshot takes as many as its longer side has cells (137 for 10,549 cells of a 4K
/// screen),
/// with 1-D RoPE as many as it has tokens.
/// </remarks>
internal static class ContextLength
{
    /// <summary>Refuses a prompt that with the longest answer allowed goes beyond the model's positions.</summary>
    /// <param name="most">The model's <c>max_position_embeddings</c>.</param>
    /// <param name="prompt">The prompt's positions.</param>
    /// <param name="answer">Longest answer in tokens, 0 or more.</param>
    /// <exception cref="StarKvException">It does; the sentence says how many tokens are left for the answer.</exception>
    public static void Check(int most, MRopePositions prompt, int answer = 0)
    {
        var (taken, tokens) = (prompt.NextPosition, prompt.Length);
        var left = most - taken;
        if (answer <= left)
            return;
        throw left < 1
            ? new StarKvException(
                $"The prompt takes {taken} positions ({tokens} tokens); the model has {most} " +
                    $"(max_position_embeddings in config.json), for its answer too. " +
                $"Shorten the instruction or the past actions, or give fewer screenshots.")
            : new StarKvException(
                $"The prompt takes {taken} positions ({tokens} tokens) and its answer may take {answer} (max-new-tokens), " +
                    $"{taken + answer} together; " +
                $"the model has {most} (max_position_embeddings in config.json). {left} are left for the answer: " +
                    $"set max-new-tokens to {left} or less, or shorten the prompt.");
    }
}
