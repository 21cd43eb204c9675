using System.Text;
using StarKV.Evaluation.Benchmarks;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>A user's file of prompt texts.</summary>
internal sealed class PromptTextsTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _path = Path.Combine(scratch.Sub("prompt-texts"), "prompts.json");

    public string Name => "prompt-texts";

    public int InputsARound => 6_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("prompts", "\"id\"", "\"text\"", "{instruction}");

    public IEnumerable<byte[]> Seeds() =>
        [Encoding.UTF8.GetBytes("""{"prompts":[{"id":"androidcontrol.uitars.high","text":"Goal {goal}"},{"id":"a","text":"{instruction}"}]}"""), SeedFiles.Read("tests/vectors/outside/data/bom/prompts.json")];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        var source = PromptSource.Of(_path);
        return $"{source.Fingerprint!.Length} {source.Get("uitars.computer").Length}";
    }
}
