using System.Text.Json;
using System.Text.RegularExpressions;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Tests.Agent;

/// <summary>The shipped model, loaded once for all tests of the collection, and the samples that it was released with.</summary>
public sealed class MiniModel : IDisposable
{
    public static readonly string Folder = RepositoryFiles.Path("models", "mini");

    public static IReadOnlyList<MiniSample> Samples { get; } = Read();

    public GuiAgent Agent { get; } = GuiAgent.Load(Folder, "cpu");

    /// <summary>A small screen, for tests that ask often and do not mind the answer.</summary>
    public static Screenshot Tiny(int width = 56, int height = 56)
    {
        var rgb = new byte[width * height * 3];
        new Random(width).NextBytes(rgb);
        return Screenshot.FromRgb(rgb, width, height, "noise");
    }

    public void Dispose() => Agent.Dispose();

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
            s.GetProperty("expected").GetString()!,
            s.GetProperty("target_box") is { ValueKind: JsonValueKind.Array } box ? [.. box.EnumerateArray().Select(v => v.GetInt32())] : []))];
    }
}

/// <summary>One sample of tests/vectors/mini; the box is left, top, right and bottom in pixels, empty when the answer is no click.</summary>
public sealed partial record MiniSample(string Id, string[] Images, string Instruction, InstructionPosition Position, string Prompt, int PromptTokens, string FullAnswer, string Expected, int[] TargetBox)
{
    public List<Screenshot> Screens() => [.. Images.Select(i => Screenshot.Load(RepositoryFiles.Path("tests", "vectors", "mini", i)))];

    /// <summary>The earlier answers, as the written-out prompt holds them.</summary>
    public List<string> PastActions() => [.. Turn().Matches(Prompt).Select(m => m.Groups[1].Value)];

    /// <summary>A click inside the target's box, or the right words.</summary>
    public bool IsRight(GroundingAnswer answer) => TargetBox is [var left, var top, var right, var bottom]
        ? answer.Point is var (x, y) && x >= left && x < right && y >= top && y < bottom
        : answer.Text == Expected;

    public override string ToString() => Id;

    [GeneratedRegex(@"<\|im_start\|>assistant\n(.+?)<\|im_end\|>")]
    private static partial Regex Turn();
}

/// <summary>Tests that share the loaded model; they run alone, since one of them reads the process's memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MiniModelTests : ICollectionFixture<MiniModel>
{
    public const string Name = "mini model";
}
