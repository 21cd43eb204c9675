using System.CommandLine;
using StarKV.Budget;
using StarKV.Input;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Text;

namespace StarKV.Cli.Commands;

/// <summary>Options that several verbs share.</summary>
public static class SharedOptions
{
    /// <summary>A model; null when none is named, which stands for the shipped one.</summary>
    public static Option<string?> ModelOrShipped() => new("--model")
    {
        Description = "Model folder in Hugging Face form, or ORG/NAME[@REVISION] of the cache (starkv pull). Default: the shipped model.",
        HelpName = "DIR",
    };

    public static Option<string?> Prompt() => new("--prompt")
    {
        Description = $"Wording: {string.Join(", ", PromptStyle.Names)} or file:PATH. " +
            $"Default: the model folder's own (starkv.json), else uitars.grounding, opencua.grounding for OpenCUA, " +
            $"qwen3vl.computer for Qwen3-VL.",
        HelpName = "NAME",
    };

    public static Option<string> Device() =>
        new("--device")
        {
            Description = "auto (a CUDA card if there is one), cpu, " +
            "cuda or cuda:n.",
            DefaultValueFactory = _ => "auto",
            HelpName = "NAME"
        };

    public static Option<string> NumberType() =>
        new("--dtype")
        {
            Description = "Number type of weights, activations and the cache: auto (bfloat16 on a card, " +
            "float32 on the CPU), float32 or bfloat16.",
            DefaultValueFactory = _ => "auto",
            HelpName = "TYPE"
        };

    public static Option<bool> Json() => new("--json") { Description = "Write the result as JSON." };
}

/// <summary>The options that choose a method and a budget.</summary>
public sealed class CompressionOptions
{
    public Option<string> Method { get; } = new("--method")
    {
        Description = $"Compression method: {string.Join(", ", Methods.All.Select(m => m.Name))}.",
        DefaultValueFactory = _ => "star-kv",
        HelpName = "NAME",
    };

    public Option<string> Keep { get; } = new("--keep")
    {
        Description = "How much of the cache is kept: a share (20%, 20 or 0.2) or a number of tokens (512t).",
        DefaultValueFactory = _ => "20%",
        HelpName = "BUDGET",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "An option of the method, name=value (docs/methods.md); may be repeated. " +
            "Also preset=PRESET for a method with presets, which starkv methods NAME shows.",
        HelpName = "NAME=VALUE",
    };

    public Option<string[]> Protect { get; } = new("--protect")
    {
        Description = "What the method may not drop: system, instruction, answers (the earlier ones), or a box of the newest " +
            "screenshot in its pixels, box:X,Y,WIDTH,HEIGHT; several may be given.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "PART",
    };

    public Option<int?> AnswerInterval { get; } = new("--answer-interval")
    {
        Description = "Compress the answer too: every N of its tokens each layer goes back to the rows " +
            "it held when the prompt had been read.",
        HelpName = "N",
    };

    /// <summary>The chosen method in its wrappers; boxes are placed on <paramref name="newest"/>.</summary>
    public ICompressionMethod ReadMethod(ParseResult parsed, Screenshot newest) => Wrap(parsed, ReadMethod(parsed), newest);

    /// <summary>The chosen method alone.</summary>
    public ICompressionMethod ReadMethod(ParseResult parsed) =>
        Methods.Create(parsed.GetValue(Method)!, NamedValues.Read(parsed.GetValue(Set) ?? [], "--set"));

    /// <summary>A method in the chosen wrappers; boxes are placed on <paramref name="newest"/>.</summary>
    public ICompressionMethod Wrap(ParseResult parsed, ICompressionMethod method, Screenshot newest)
    {
        if (ProtectedParts.Read(parsed.GetValue(Protect) ?? [], newest) is { } what)
            method = new Protected(method, what);
        return parsed.GetValue(AnswerInterval) is { } interval ? new EveryNTokens(method, interval) : method;
    }

    public KvBudget ReadBudget(ParseResult parsed) => KvBudget.Parse(parsed.GetValue(Keep)!);
}
