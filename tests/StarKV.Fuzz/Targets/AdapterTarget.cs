using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Weights;

namespace StarKV.Fuzz.Targets;

/// <summary>An <c>adapter_config.json</c>, which is refused with the name of the model that it belongs to.</summary>
internal sealed class AdapterTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _folder = scratch.Sub("adapter");

    public string Name => "adapter-config";

    public int InputsARound => 4_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("base_model_name_or_path");

    public IEnumerable<byte[]> Seeds() => [Encoding.UTF8.GetBytes("""{"peft_type":"LORA","base_model_name_or_path":"ByteDance-Seed/UI-TARS-1.5-7B","r":16}""")];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "adapter_config.json"), input);
        using var checkpoint = CheckpointFolder.Open(_folder);
        throw new BrokenPromiseException("an adapter was opened as a model");
    }
}
