using StarKV.Budget;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Tests.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

/// <summary>A cache that cannot be built ends alone where it stands for itself, and the reading where it does not.</summary>
public sealed class CacheBuildTests
{
    private static readonly MethodScene s_scene = new("one frame", 3, 2, 2);

    private static PromptCompactor Compactor(ICompressionMethod method, LayerMemory? memory = null) =>
        new(new Compression(method, KvBudget.Keep(0.4)) { Memory = memory }, s_scene.Prompt, MRopePositions.Compute(s_scene.Prompt), 2, 0, () => { });

    private static PrefillResult Result((StarKV.Cache.KvCache Cache, AnswerCompactor? Answer, TimeSpan Selection) finished) => new(finished.Cache, zeros(1, 1), 0, finished.Selection);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cache_that_nothing_happens_to_is_finished(bool apart) => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        using var memory = new LayerMemory();
        var build = new CacheBuild(apart).Begin(() => Compactor(new StarKv(), memory));
        Assert.Equal((null, false), (build.Error, build.HoldsLayers));
        for (var layer = 0; layer < 2; layer++)
            build.Add(s_scene.Layer(shared, layer));
        build.Finish(CancellationToken.None);
        using var result = build.Outcome(Result).OrThrow();
        build.Dispose();
        Assert.Equal((2, 1), (result.Cache.Layers.Count, memory.For<StarKvState>(1).Prefills));
    });

    [Fact]
    public void Layers_are_held_where_the_budget_measures() => TorchThread.Run(() =>
    {
        using var build = new CacheBuild(apart: true).Begin(() => Compactor(new VlCache()));
        Assert.True(build.HoldsLayers);
        build.Abandon();
    });

    [Fact]
    public void What_fails_apart_is_kept_and_nothing_more_is_done() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        using var memory = new LayerMemory();
        memory.For<StarKvState>(0).Prefills = 3;
        using var build = new CacheBuild(apart: true).Begin(() => Compactor(new Breaking(), memory));
        build.Add(s_scene.Layer(shared, 0));
        Assert.Null(build.Error);
        build.Add(s_scene.Layer(shared, 1));
        Assert.Equal("layer 1", Assert.IsType<InvalidOperationException>(build.Error).Message);
        // Its memory is as it was, though the first layer had learned from the prompt.
        Assert.Equal(3, memory.For<StarKvState>(0).Prefills);
        build.Add(s_scene.Layer(shared, 0));
        build.Finish(CancellationToken.None);
        Assert.False(build.HoldsLayers);
        var outcome = build.Outcome(_ => throw new InvalidOperationException("finished"));
        Assert.Equal((null, build.Error), (outcome.Result, outcome.Error));
        Assert.Same(build.Error, Assert.Throws<InvalidOperationException>(outcome.OrThrow));
    });

    [Fact]
    public void What_cannot_begin_apart_has_its_error() => TorchThread.Run(() =>
    {
        using var build = new CacheBuild(apart: true).Begin(() => throw new StarKvException("no room"));
        Assert.Equal("no room", build.Error!.Message);
        build.Abandon();
    });

    [Fact]
    public void What_fails_otherwise_ends_the_reading() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        using var build = new CacheBuild(apart: false).Begin(() => Compactor(new Breaking()));
        Assert.Throws<InvalidOperationException>(() => build.Add(s_scene.Layer(shared, 1)));
        Assert.Null(build.Error);
        build.Abandon();
    });

    [Fact]
    public void A_cancellation_ends_the_reading_in_any_case() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        using var build = new CacheBuild(apart: true).Begin(() => Compactor(new VlCache()));
        for (var layer = 0; layer < 2; layer++)
            build.Add(s_scene.Layer(shared, layer));
        Assert.Throws<OperationCanceledException>(() => build.Finish(new CancellationToken(canceled: true)));
        Assert.Null(build.Error);
        build.Abandon();
    });

    [Fact]
    public void A_compression_is_named_by_its_method_unless_it_has_a_name_of_its_own()
    {
        var compression = new Compression(new SnapKv(), KvBudget.Keep(0.2));
        Assert.Equal(("snapkv, keep 20%", false), ($"{compression}", compression.KeepsEverything));
        Assert.Equal("mine, keep 20%", $"{compression with { Name = "mine" }}");
        Assert.Equal(("full", true), ($"{Compression.None}", Compression.None.KeepsEverything));
        Assert.Throws<ArgumentNullException>(() => new Compression(null!, KvBudget.All));
    }

    /// <summary>Counts what it sees, as star-kv does, and breaks in the second layer.</summary>
    private sealed class Breaking : ICompressionMethod
    {
        public string Name => "breaking";

        public int Window(TokenMap prompt) => 1;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            memory.For<StarKvState>(observation.Layer).Prefills++;
            return observation.Layer == 0 ? ones(1, observation.Past) : throw new InvalidOperationException("layer 1");
        }
    }
}
