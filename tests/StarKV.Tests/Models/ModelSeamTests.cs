using System.Text.RegularExpressions;
using StarKV.Input;
using StarKV.Models;

namespace StarKV.Tests.Models;

/// <summary>An architecture is known in its own folder and in the registry; everything else asks <see cref="IVisionLanguageModel"/>.</summary>
public sealed partial class ModelSeamTests
{
    /// <summary>Who may name an architecture besides its folder: the lists of models and of kinds of vectors.</summary>
    private static readonly string[] s_allowed =
    [
        "src/StarKV.Conformance/ConformanceSuite.cs",
        // Families of answers and prompt styles bear the name of the programs that they are taken from.
        "src/StarKV.Evaluation/Benchmarks/AnswerFamily.cs",
        "src/StarKV/Models/ModelRegistry.cs",
        "src/StarKV/Text/PromptStyle.cs", "src/StarKV/Text/Qwen3VlStyles.cs", "src/StarKV/Text/StepLines.cs",
    ];

    /// <summary>The trainer makes models of this architecture: its forward pass is written for it.</summary>
    private const string Trainer = "src/StarKV.MiniGui.Training/";

    [Fact]
    public void No_architecture_is_named_outside_its_folder_and_the_registry()
    {
        var naming = Sources().Where(f => !Folder().IsMatch(f) && !f.StartsWith(Trainer, StringComparison.Ordinal))
            .Where(f => Architecture().IsMatch(File.ReadAllText(RepositoryFiles.Path(f))));
        Assert.Equal(s_allowed, naming);
    }

    [Theory]
    [InlineData("using StarKV.Models.Qwen25Vl;", true)]
    [InlineData("Qwen25VlConfig config", true)]
    [InlineData("using StarKV.Models.Qwen3Vl;", true)]
    [InlineData("new Qwen3VlTower(config)", true)]
    [InlineData("new QwenTokenizer()", false)]
    [InlineData("// Qwen2.5-VL reads it", false)]
    public void A_name_is_seen_in_code(string code, bool seen) => Assert.Equal(seen, Architecture().IsMatch(code));

    [Theory]
    [InlineData(14, 2, 1932, 1092)]
    [InlineData(16, 2, 1920, 1088)]
    public void Patch_and_cell_are_those_of_the_checkpoint(int patch, int merge, int width, int height)
    {
        var pixels = new PreprocessorConfig { PatchSize = patch, MergeSize = merge, MinPixels = 65_536, MaxPixels = 16_777_216 };
        var image = Screenshot.FromRgb(new byte[1920 * 1080 * 3], 1920, 1080).ForModel(pixels.Resize);
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(new PatchGrid(height / patch, width / patch, patch, merge), image.Grid);
        Assert.Equal((height / patch / merge, width / patch / merge), (image.Grid.Rows, image.Grid.Columns));
        Assert.Equal(patch * merge, image.Grid.CellSize);
    }

    [Fact]
    public void Each_shape_has_a_name_of_its_own_and_an_unknown_one_is_refused()
    {
        Assert.Equal(ModelRegistry.Shapes.Count, ModelRegistry.Shapes.Select(s => s.Name).Distinct().Count());
        Assert.Contains("shape '70b' is unknown; the shapes are 7b, 3b, qwen3-vl-2b, qwen3-vl-4b, qwen3-vl-8b, qwen3-vl-32b.", Assert.Throws<StarKvException>(() => ModelRegistry.Shape("70b")).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sources()
    {
        var root = RepositoryFiles.Path();
        return new[] { "src", "bench" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(root, f), "*.cs", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(root, f)).Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex("/(Qwen25Vl|Qwen3Vl)/")]
    private static partial Regex Folder();

    [GeneratedRegex(@"\b(Qwen25Vl|Qwen3Vl)\w*")]
    private static partial Regex Architecture();
}
