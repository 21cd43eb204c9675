using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Models;

namespace StarKV.Fuzz.Targets;

/// <summary>A <c>generation_config.json</c>.</summary>
internal sealed class GenerationConfigTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _folder = scratch.Sub("generation");

    public string Name => "generation-config";

    public int InputsARound => 8_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("eos_token_id", "temperature", "top_p", "top_k", "repetition_penalty", "do_sample");

    public IEnumerable<byte[]> Seeds() =>
    [
        SeedFiles.Read("models/mini/generation_config.json"),
        Encoding.UTF8.GetBytes("""{"eos_token_id":151645,"do_sample":true,"temperature":0.7,"top_p":0.8,"top_k":20,"repetition_penalty":1.05,"max_new_tokens":2048}"""),
    ];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "generation_config.json"), input);
        var config = GenerationConfig.Load(_folder);
        BrokenPromiseException.Unless(double.IsFinite(config.Temperature) && config is { RepetitionPenalty: > 0, TopP: >= 0 and <= 1, TopK: >= 0 }, "a number is out of its bounds");
        return $"{config.EosTokenIds.Length} {config.PadTokenId is null} {config.DoSample} {config.MaxNewTokens is null}";
    }
}
