using StarKV.Observe;
using StarKV.Score;
using StarKV.Tests.Readme;
using StarKV.Tests.Score;
using static TorchSharp.torch;

namespace StarKV.Tests.Docs;

/// <summary>docs/extend-a-method.md shows the method that is compiled here; <see cref="MethodMatrixTests"/> runs over it as if it were registered.</summary>
public sealed class ExtendAMethodTests
{
    /// <summary>The example's line of the registry.</summary>
    public static MethodEntry Entry { get; } =
        new("value-norm", "arXiv 2406.12335", "What the last queries attend to, times the norm of its values.", true, [], _ => new ValueNorm());

    private static string Page { get; } = RepositoryText.Read("docs", "extend-a-method.md");

    [Fact]
    public void The_page_holds_the_file_and_the_line_that_are_compiled()
    {
        Assert.Contains($"```csharp\n{RepositoryText.Read("tests", "StarKV.Tests", "Docs", "ValueNorm.cs")}```\n", Page, StringComparison.Ordinal);
        var line = RepositoryText.Read("tests", "StarKV.Tests", "Docs", "ExtendAMethodTests.cs").Split('\n').Single(l => l.StartsWith("        new(", StringComparison.Ordinal));
        Assert.Contains($"```csharp\n{line.Trim().TrimEnd(';')},\n```\n", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_short() => Assert.InRange(Page.TrimEnd('\n').Split('\n').Length, 1, 60);

    [Fact]
    public void A_long_value_outweighs_a_short_one_and_no_value_scores_nothing() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var layer = new MethodScene("uniform attention", 1, 2, 2).Layer(shared);
        layer.Values.fill_(1);
        layer.Values[1, 3] = -layer.Values[1, 3] * 4;
        layer.Values[0, 5] = zeros_like(layer.Values[0, 5]);
        var scores = new ValueNorm().Score(layer.Observe(8, 9), memory);
        Assert.Equal(4, (scores[1, 3] / scores[1, 4]).item<float>(), 1e-5);
        Assert.Equal(0, scores[0, 5].item<float>());
    });
}
