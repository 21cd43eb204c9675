using System.Text.Json;
using System.Text.RegularExpressions;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Tests;

/// <summary>One sample of tests/vectors/mini; the box is left, top, right and bottom in pixels, empty when the answer is no click.</summary>
public sealed partial record MiniSample(string Id, string[] Images, string Instruction, InstructionPosition Position, string Prompt, int PromptTokens, string FullAnswer, bool FullIsRight, string Expected, int[] TargetBox)
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<MiniSample> All { get; } = Read();

    public static MiniSample Of(string id) => All.Single(s => s.Id == id);

    /// <summary>Where its pictures lie.</summary>
    public string[] Files() => [.. Images.Select(i => RepositoryFiles.Path("tests", "vectors", "mini", i))];

    public List<Screenshot> Screens() => [.. Files().Select(file => Screenshot.Load(file))];

    /// <summary>The earlier answers, as the written-out prompt holds them.</summary>
    public List<string> PastActions() => [.. Turn().Matches(Prompt).Select(m => m.Groups[1].Value)];

    /// <summary>A click inside the target's box, or the right words.</summary>
    public bool IsRight(GroundingAnswer answer) => TargetBox is [var left, var top, var right, var bottom]
        ? answer.Point is var (x, y) && x >= left && x < right && y >= top && y < bottom
        : answer.Text == Expected;

    public override string ToString() => Id;

    [GeneratedRegex(@"<\|im_start\|>assistant\n(.+?)<\|im_end\|>")]
    private static partial Regex Turn();

    private static List<MiniSample> Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "mini", "samples.json")));
        return [.. file.RootElement.EnumerateArray().Select(s => new MiniSample(
            s.GetProperty("id").GetString()!,
            [.. s.GetProperty("images").EnumerateArray().Select(i => i.GetString()!)],
            s.GetProperty("instruction").GetString()!,
            s.GetProperty("instruction_position").GetString() == "first" ? InstructionPosition.First : InstructionPosition.Last,
            s.GetProperty("prompt").GetString()!,
            s.GetProperty("prompt_tokens").GetInt32(),
            s.GetProperty("answer_full_cache").GetString()!,
            s.GetProperty("correct").GetBoolean(),
            s.GetProperty("expected").GetString()!,
            s.GetProperty("target_box") is { ValueKind: JsonValueKind.Array } box ? [.. box.EnumerateArray().Select(v => v.GetInt32())] : []))];
    }
}
