using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StarKV.Models;

namespace StarKV.Decode;

/// <summary>How an answer is written.</summary>
public sealed record GenerationOptions
{
    /// <value>
    /// Longest answer in tokens, 1–32,768; default 128. Prompt and longest answer together must fit into the model's positions.
    /// </value>
    public int MaxNewTokens { get; init; } = 128;

    /// <value>0 takes the likeliest token (default); above 0, up to 10, tokens are drawn.</value>
    public double Temperature { get; init; }

    /// <value>Draws among the likeliest tokens that together have this probability, above 0 to 1; default 1 (all).</value>
    public double TopP { get; init; } = 1;

    /// <value>Draws among this many of the likeliest tokens; 0 (default) for all.</value>
    public int TopK { get; init; }

    /// <value>Seed of the draws; the same seed gives the same answer. Default 0.</value>
    public int Seed { get; init; }

    /// <value>
    /// Divides the positive and multiplies the negative logits of tokens seen before, 0.1–10; null (default) takes
    /// generation_config.json's, or 1.
    /// </value>
    public double? RepetitionPenalty { get; init; }

    /// <value>Texts that end the answer and are not part of it; default none.</value>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Returns these options when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    [Experimental("STARKV001")]
    public GenerationOptions Checked()
    {
        Check(MaxNewTokens is >= 1 and <= 32768, "max-new-tokens", MaxNewTokens, "1 to 32768");
        Check(Temperature is >= 0 and <= 10, "temperature", Temperature, "0 to 10");
        Check(TopP is > 0 and <= 1, "top-p", TopP, "above 0, at most 1");
        Check(TopK >= 0, "top-k", TopK, "0 or more");
        Check(RepetitionPenalty is null or (>= 0.1 and <= 10), "repetition-penalty", RepetitionPenalty, "0.1 to 10");
        return StopStrings.Any(string.IsNullOrEmpty)
            ? throw new StarKvException("a stop string is empty; it would end every answer at once.")
            : this;

        static void Check(bool holds, string name, object? value, string bounds)
        {
            if (!holds)
                throw new StarKvException($"{name} is {value}; it must be {bounds}.");
        }
    }

    /// <summary>The repetition penalty in force for a model.</summary>
    internal double Penalty(GenerationConfig config) => RepetitionPenalty ?? config.RepetitionPenalty;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"at most {MaxNewTokens} tokens, temperature " +
            $"{Temperature}, top-p {TopP}, top-k {TopK}, " +
            $"seed {Seed}, stops {ListText.Of(StopStrings)}");
}
