using StarKV.Score;

namespace StarKV.Tests.Score;

public sealed class MethodsTests
{
    private static string Refused(string name, params (string Name, string Value)[] options) =>
        Assert.Throws<StarKvException>(() => Methods.Create(name, options.ToDictionary(o => o.Name, o => o.Value))).Message;

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        var message = Refused("star_kv");
        Assert.Contains("'star_kv'", message, StringComparison.Ordinal);
        Assert.All(Methods.All, m => Assert.Contains(m.Name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_differ_and_every_method_is_described()
    {
        Assert.Equal(Methods.All.Count, Methods.All.Select(m => m.Name).Distinct().Count());
        Assert.All(Methods.All, m => Assert.False(string.IsNullOrWhiteSpace(m.Summary) || string.IsNullOrWhiteSpace(m.Paper)));
        Assert.Equal(["full", "star-kv"], Methods.All.Select(m => m.Name).Intersect(["full", "star-kv"]));
    }

    [Fact]
    public void Methods_that_keep_tokens_head_by_head_are_known()
    {
        Assert.Equal(["gui-kv", "st-lite", "snapkv", "pyramidkv", "vl-cache", "probe", "laq", "knorm"], Methods.All.Where(m => m.PerHead).Select(m => m.Name));
        // A user's own entry has options, but none for the heads.
        var own = new MethodEntry("own", "-", "s", true, [new MethodOption("window", "8", "1 to 256", "m")], _ => new KNorm());
        Assert.Equal("one for each KV head", own.Selection);
    }

    [Fact]
    public void Options_that_a_method_tells_make_it_again()
    {
        foreach (var entry in Methods.All)
        {
            foreach (var preset in entry.Presets.Select(p => p.Name).DefaultIfEmpty(""))
            {
                var method = entry.Create(preset.Length == 0 ? new Dictionary<string, string>() : new() { ["preset"] = preset });
                Assert.Equal(entry.Options.Select(o => o.Name), method.Options!.Keys);
                Assert.Equal(method.Options, Methods.Create(entry.Name, method.Options).Options);
            }
        }

        // In every digit, and not those of the first preset.
        var options = new StarKv(StarKvOptions.Reference with { Alpha = 1.0 / 3 }).Options;
        Assert.Equal(("0.3333333333333333", "square", "off"), (options["alpha"], options["grid"], Methods.Create("star-kv", new Dictionary<string, string> { ["entropy"] = "off" }).Options!["entropy"]));
        // A wrapper is not made by the registry.
        Assert.Null(((ICompressionMethod)new StarKV.Score.Wrappers.EveryNTokens(new StarKv(), 3)).Options);
    }

    [Fact]
    public void An_unknown_option_lists_the_known_ones()
    {
        var message = Refused("star-kv", ("windows", "8"));
        Assert.Contains("'windows'", message, StringComparison.Ordinal);
        Assert.Contains("window, kernel, pooling", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_without_options_refuses_any() => Assert.Contains("window", Refused("full", ("window", "8")), StringComparison.Ordinal);

    [Fact]
    public void Options_reach_the_method() => Assert.Equal(16, Methods.Create("star-kv", new Dictionary<string, string> { ["window"] = "16" }).Window(TestPrompts.Of(3)));

    [Theory]
    [InlineData("snapkv")]
    [InlineData("star-kv")]
    [InlineData("gui-kv")]
    [InlineData("st-lite")]
    [InlineData("pyramidkv")]
    [InlineData("laq")]
    public void A_pooling_kernel_is_odd_so_that_its_middle_is_a_token(string method)
    {
        Assert.Contains("kernel", Refused(method, ("kernel", "4")), StringComparison.Ordinal);
        Assert.Equal(method, Methods.Create(method, new Dictionary<string, string> { ["kernel"] = "5" }).Name);
    }

    [Theory]
    [InlineData("star-kv", "reference")]
    [InlineData("star-kv", "session")]
    [InlineData("gui-kv", "reference")]
    [InlineData("gui-kv", "subspace")]
    [InlineData("st-lite", "session")]
    [InlineData("st-lite", "paper")]
    [InlineData("st-lite", "reference")]
    [InlineData("snapkv", "reference")]
    [InlineData("snapkv", "sharp")]
    [InlineData("pyramidkv", "exact")]
    [InlineData("pyramidkv", "reference")]
    [InlineData("laq", "paper")]
    [InlineData("laq", "plus")]
    [InlineData("laq", "reference")]
    public void Presets_are_known(string method, string preset)
    {
        Assert.Contains(Methods.Get(method).Presets, p => p.Name == preset);
        Assert.Equal(method, Methods.Create(method, new Dictionary<string, string> { ["preset"] = preset, ["window"] = "9" }).Name);
    }

    [Fact]
    public void The_preset_subspace_sets_the_basis_alone()
    {
        Assert.Equal(GuiKvOptions.Reference with { Basis = RedundancyBasis.PrincipalSubspace }, GuiKvOptions.Subspace);
        Assert.Equal(new GuiKvOptions(), GuiKvOptions.Reference);
        Assert.Equal([new("basis", "principal-subspace")], Methods.Get("gui-kv").Presets[1].Options.Except(Methods.Get("gui-kv").Options).ToDictionary(o => o.Name, o => o.Default));
    }

    [Fact]
    public void The_presets_of_st_lite_and_snapkv_differ_in_what_they_say()
    {
        Assert.Equal(new StLiteOptions(), StLiteOptions.Session);
        Assert.Equal(StLiteOptions.Session with { Vectors = StLiteVectors.Input }, StLiteOptions.Paper);
        Assert.Equal(
            StLiteOptions.Paper with { Saliency = StLiteSaliency.Norms, Screens = StLiteScreens.Last, Gate = StLiteGate.Share }, StLiteOptions.Reference);
        Assert.Equal(new AttentionOptions { Kernel = 1 }, SnapKv.Sharp);
        Assert.Equal(new SnapKv(SnapKv.Sharp).Options, Methods.Create("snapkv", new Dictionary<string, string> { ["preset"] = "sharp" }).Options);
    }

    [Theory]
    [InlineData("snapkv")]
    [InlineData("pyramidkv")]
    [InlineData("gui-kv")]
    [InlineData("vl-cache")]
    public void Options_that_were_written_before_there_was_value_are_read_as_before(string method)
    {
        var now = Methods.Create(method).Options!;
        var before = now.Where(o => o.Key != "value").ToDictionary();
        Assert.Equal((now.Count - 1, "off"), (before.Count, now["value"]));
        Assert.Equal(now, Methods.Create(method, before).Options);
    }

    [Fact]
    public void An_unknown_preset_lists_the_known_ones()
    {
        var message = Refused("star-kv", ("preset", "paper"));
        Assert.Contains("'paper'", message, StringComparison.Ordinal);
        Assert.Contains("session or reference", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_described_default_is_accepted_as_it_is_written() => Assert.All(Methods.All, entry =>
        Methods.Create(entry.Name, entry.Options.ToDictionary(o => o.Name, o => o.Default)));
}
