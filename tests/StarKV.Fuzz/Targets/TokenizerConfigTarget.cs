using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>A <c>tokenizer_config.json</c> with the added tokens of OpenCUA, beside ranks that are good.</summary>
internal sealed class TokenizerConfigTarget : IFuzzTarget
{
    private readonly string _folder;

    public TokenizerConfigTarget(Scratch scratch)
    {
        _folder = scratch.Sub("tokenizer-config");
        File.WriteAllBytes(Path.Combine(_folder, "tiktoken.model"), TinyTokenizer.Ranks());
    }

    public string Name => "tokenizer-config";

    public int InputsARound => 1_500;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("added_tokens_decoder", "\"261\"", "\"9999999\"", "content", "special");

    public IEnumerable<byte[]> Seeds() => [TinyTokenizer.Config()];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer_config.json"), input);
        return RoundTrip.Of(QwenTokenizer.LoadFolder(_folder));
    }
}
