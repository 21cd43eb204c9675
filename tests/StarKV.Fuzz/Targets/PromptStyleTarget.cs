using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>A prompt style from a file, filled.</summary>
internal sealed class PromptStyleTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _path = Path.Combine(scratch.Sub("style"), "style.txt");

    public string Name => "prompt-style";

    public int InputsARound => 8_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfText("{instruction}", "{language}", "{", "}", "{{", "{}", "{instruction", "<|im_end|>", "{x}");

    public IEnumerable<byte[]> Seeds() => [Encoding.UTF8.GetBytes("Do this: {instruction}\nSay it in {language} {other}."), SeedFiles.Read("src/StarKV/Text/Prompts/uitars.computer.txt")];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        var part = PromptStyle.Get($"file:{_path}").Fill(new PromptRequest("Press {language} \"Tools\"", []));
        BrokenPromiseException.Unless(part.Instruction is not { } span || (span.Start >= 0 && span.End <= part.Text.Length), "the instruction lies outside of the text");
        return $"{part.Instruction is null} {part.Text.Contains("English", StringComparison.Ordinal)}";
    }
}
