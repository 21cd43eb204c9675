using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>A <c>tokenizer.json</c>, and a text encoded and decoded with it.</summary>
internal sealed class TokenizerTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _path = Path.Combine(scratch.Sub("tokenizer"), "tokenizer.json");

    public string Name => "tokenizer";

    public int InputsARound => 700;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("added_tokens", "merges", "vocab", "\"Regex\"", "\"type\": \"BPE\"", "byte_fallback", "ignore_merges", "\\ud800");

    public IEnumerable<byte[]> Seeds() => [TinyTokenizer.Json(), TinyTokenizer.Json(pairs: true), SeedFiles.Read("models/mini/tokenizer.json")];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        return RoundTrip.Of(QwenTokenizer.Load(_path));
    }
}
