using System.Text.Json;
using StarKV.Text;

namespace StarKV.Tests.Text;

/// <summary>The shipped model's tokenizer and its recorded samples.</summary>
internal static class Mini
{
    public static readonly QwenTokenizer Tokenizer = QwenTokenizer.Load(RepositoryFiles.Path("models", "mini", "tokenizer.json"));

    public static readonly IReadOnlyList<Sample> Samples = ReadSamples();

    private static List<Sample> ReadSamples()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "mini", "samples.json")));
        return [.. document.RootElement.EnumerateArray().Select(item => new Sample(
            item.GetProperty("id").GetString()!,
            item.GetProperty("instruction").GetString()!,
            item.GetProperty("instruction_position").GetString() == "first" ? InstructionPosition.First : InstructionPosition.Last,
            item.GetProperty("prompt").GetString()!,
            item.GetProperty("prompt_tokens").GetInt32(),
            [.. item.GetProperty("images").EnumerateArray().Select(image => GridOf(image.GetString()!))]))];
    }

    // Width and height stand in the PNG header at bytes 16 and 20, most significant byte first.
    private static MergedGrid GridOf(string image)
    {
        var png = File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "mini", image));
        int At(int i) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(i));
        return MergedGrid.OfPixels(At(16), At(20));
    }

    internal sealed record Sample(
        string Id, string Instruction, InstructionPosition Position, string Prompt, int PromptTokens, MergedGrid[] Grids)
    {
        // The earlier answers stand in the prompt between the assistant's header and the end of the turn.
        public string[] PastActions => [.. Prompt.Split("<|im_start|>assistant\n")[1..^1].Select(turn => turn.Split("<|im_end|>")[0])];
    }
}
