using System.Text.Json;
using StarKV.Conformance;

namespace StarKV.Cli.Tests.Conformance;

public class ImageVectorTests
{
    [Fact]
    public void Golden_images_agree_in_every_pixel_and_size()
    {
        var results = Run(new ImageGoldens(), "golden", "image", "manifest.json");
        Assert.Contains(results, r => r.Case.EndsWith("ProcessorPil", StringComparison.Ordinal));
        Assert.Contains(results, r => r.Case.EndsWith("Processor", StringComparison.Ordinal));
        Assert.True(results.Count > 100);
        Assert.DoesNotContain(results, r => r.Verdict != CaseVerdict.Pass);
    }

    [Fact]
    public void Bicubic_and_patch_vectors_agree()
    {
        var results = Run(new PreprocessVectorCases(), "cases", "model_vectors.json");
        Assert.Equal(9, results.Count);
        Assert.DoesNotContain(results, r => r.Verdict != CaseVerdict.Pass);
    }

    [Fact]
    public void Screen_sizes_and_metrics_agree()
    {
        var results = Run(new MetricCases(), "cases", "metric_cases.json");
        Assert.DoesNotContain(results, r => r.Verdict != CaseVerdict.Pass);
        Assert.Equal(30, results.Count(r => r.Group == "smart_resize"));
        Assert.Contains(results, r => r.Group.StartsWith("mind2web_operation_f1", StringComparison.Ordinal));
        Assert.Equal(results.Count, results.Select(r => (r.Group, r.Case)).Distinct().Count());
    }

    [Fact]
    public void Each_kind_recognises_its_own_file_only()
    {
        IVectorKind[] kinds = [new ImageGoldens(), new PreprocessVectorCases(), new MetricCases()];
        string[][] files = [["golden", "image", "manifest.json"], ["cases", "model_vectors.json"], ["cases", "metric_cases.json"], ["golden", "model", "manifest.json"]];
        for (var f = 0; f < files.Length; f++)
            for (var k = 0; k < kinds.Length; k++)
                Assert.Equal(f == k, kinds[k].Recognises(Root(files[f])));
    }

    private static List<CaseResult> Run(IVectorKind kind, params string[] file) =>
        [.. kind.Run(RepositoryFiles.Path(["tests", "vectors", .. file]), Root(file))];

    private static JsonElement Root(string[] file) =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(RepositoryFiles.Path(["tests", "vectors", .. file])));
}
