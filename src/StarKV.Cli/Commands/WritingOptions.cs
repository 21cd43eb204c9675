using System.CommandLine;
using StarKV.Decode;

namespace StarKV.Cli.Commands;

/// <summary>The options that say how an answer is written.</summary>
internal sealed class WritingOptions
{
    private readonly Option<int> _length = new("--max-new-tokens")
    {
        Description = "Longest answer in tokens.",
        DefaultValueFactory = _ => 128,
        HelpName = "N",
    };

    private readonly Option<double> _temperature = new("--temperature")
    {
        Description = "0 takes the likeliest token; above, tokens are drawn.",
        DefaultValueFactory = _ => 0,
        HelpName = "T",
    };

    private readonly Option<double> _topP = new("--top-p")
    {
        Description = "Draws among the likeliest tokens that together have this probability.",
        DefaultValueFactory = _ => 1,
        HelpName = "P",
    };

    private readonly Option<int> _topK = new("--top-k")
    {
        Description = "Draws among this many of the likeliest tokens; 0 for all.",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };

    private readonly Option<double?> _penalty = new("--repetition-penalty")
    {
        Description = "Weakens tokens seen before. Default: what generation_config.json says, else 1.",
        HelpName = "X",
    };

    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the draws.", DefaultValueFactory = _ => 0, HelpName = "N" };

    private readonly Option<string[]> _stop = new("--stop")
    {
        Description = "Text that ends the answer; may be repeated.",
        HelpName = "TEXT",
    };

    /// <summary>All of them, in the order of help.</summary>
    public IReadOnlyList<Option> All => [_length, _temperature, _topP, _topK, _penalty, _seed, _stop];

    /// <summary>What they say.</summary>
    /// <exception cref="StarKvException">A value is out of its bounds.</exception>
    public GenerationOptions Read(ParseResult parsed) => new GenerationOptions
    {
        MaxNewTokens = parsed.GetValue(_length),
        Temperature = parsed.GetValue(_temperature),
        TopP = parsed.GetValue(_topP),
        TopK = parsed.GetValue(_topK),
        RepetitionPenalty = parsed.GetValue(_penalty),
        Seed = parsed.GetValue(_seed),
        StopStrings = parsed.GetValue(_stop) ?? [],
    }.Checked();
}
