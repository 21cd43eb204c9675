using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>A <c>tiktoken.model</c>, and a text encoded and decoded with it.</summary>
internal sealed class TiktokenTarget : IFuzzTarget
{
    private readonly string _folder;

    public TiktokenTarget(Scratch scratch)
    {
        _folder = scratch.Sub("tiktoken");
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer_config.json"), TinyTokenizer.Config());
    }

    public string Name => "tiktoken";

    public int InputsARound => 1_500;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfText("AA== 0\n", "IQ== ", "==", " 2147483647", "\r\n", " -1", "4pyT 300\n");

    public IEnumerable<byte[]> Seeds() => [TinyTokenizer.Ranks()];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "tiktoken.model"), input);
        return RoundTrip.Of(QwenTokenizer.LoadFolder(_folder));
    }
}
