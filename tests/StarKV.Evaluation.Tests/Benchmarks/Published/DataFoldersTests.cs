using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

public sealed class DataFoldersTests : IDisposable
{
    private readonly Fixture _files = new();
    private readonly Dictionary<string, string> _variables = [];
    private readonly DataLayout _layout = ScreenSpotV2Benchmark.Published.Layout;

    public void Dispose() => _files.Dispose();

    private DataFolders Find(NamedFolders? given = null) => DataFolders.Find("screenspot-v2", _layout, given ?? new NamedFolders(), _variables.GetValueOrDefault, _files.At("starkv.local.json"));

    [Fact]
    public void The_command_line_wins_over_the_environment_over_the_local_file()
    {
        var nobody = Find();
        Assert.Equal((null, null, ""), (nobody.Annotations, nobody.Images, nobody.ImagesFrom));
        _files.Json("starkv.local.json", new Dictionary<string, object> { ["datasets"] = "/all", ["screenspot-v2"] = new { annotations = "/local/a" } });
        Assert.Equal(("/local/a", Path.Combine("/all", "screenspot-v2-prepared", "images")), (Find().Annotations, Find().Images));
        _variables["STARKV_DATASETS_DIR"] = "/env";
        Assert.Equal((Path.Combine("/env", "screenspot-v2-prepared", "annotations"), "STARKV_DATASETS_DIR"), (Find().Annotations, Find().AnnotationsFrom));
        _variables["SCREENSPOTV2_TEST"] = "/starkv";
        Assert.Equal(("/starkv", "SCREENSPOTV2_TEST"), (Find().Annotations, Find().AnnotationsFrom));
        _variables["SCREENSPOT_TEST"] = "/guikv";
        Assert.Equal("/guikv", Find().Annotations);
        Assert.Equal("/data/annotations", Find(new NamedFolders("/data")).Annotations);
        Assert.Equal("/named", Find(new NamedFolders("/data", "/named")).Annotations);
    }

    [Fact]
    public void Model_and_results_are_found_in_the_same_way()
    {
        string? Model(AnswerFamily? family = null) => RunPaths.Model(family, _variables.GetValueOrDefault, _files.At("starkv.local.json"));
        Assert.Null(Model());
        Assert.Equal("starkv-eval", RunPaths.Results("mind2web/strict", _variables.GetValueOrDefault));
        _files.Json("starkv.local.json", new { model = "/local" });
        Assert.Equal("/local", Model());
        (_variables["STARKV_MODEL_DIR"], _variables["STARKV_RESULTS_DIR"]) = ("/models", "/results");
        Assert.Equal(Path.Combine("/models", "OpenCUA-7B"), Model(AnswerFamily.OpenCua));
        Assert.Equal(Path.Combine("/results", "mind2web-strict"), RunPaths.Results("mind2web/strict", _variables.GetValueOrDefault));
        _variables["UITARS_MODEL_PATH"] = "/ui";
        Assert.Equal(("/ui", Path.Combine("/models", "OpenCUA-7B")), (Model(), Model(AnswerFamily.OpenCua)));
        _variables["MODEL_PATH"] = "/one";
        Assert.Equal("/one", Model(AnswerFamily.OpenCua));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal(2, Find().Missing(_layout).Count);
        Assert.Contains("SCREENSPOT_TEST or SCREENSPOTV2_TEST", Find().Missing(_layout)[0], StringComparison.Ordinal);
        _files.Json("annotations/screenspot_web_v2.json", Array.Empty<int>());
        _files.Png("screenspotv2_image/a.png", 56, 56);
        var found = Find(new NamedFolders(_files.Path));
        // The public release calls the folder of screenshots otherwise.
        Assert.Equal(_files.At("screenspotv2_image"), found.Images);
        Assert.Equal([$"{found.Annotations} has no screenspot_mobile_v2.json", $"{found.Annotations} has no screenspot_desktop_v2.json"], found.Missing(_layout));
        Assert.Contains("which does not exist", Find(new NamedFolders("/nowhere")).Missing(_layout)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_benchmark_says_what_it_expects() => Assert.All(PublishedBenchmarks.All, b =>
    {
        Assert.NotEmpty(b.Layout.Tree);
        Assert.Contains(Profile.Strict, b.Profiles);
        Assert.Contains("--image-slots takes 1 to 5", Assert.Throws<StarKvException>(() => b.Load(new BenchmarkOptions("", "") { ImageSlots = 6 })).Message, StringComparison.Ordinal);
    });
}
