using System.Collections;
using System.Diagnostics;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Observe;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Tests.Agent;
using StarKV.Tests.Models.Qwen25Vl;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>What is left when an answer was cancelled: as many tensors as before, a memory that the next answer can build on, no half screen.</summary>
[Collection(MiniModelTests.Name)]
public sealed class CancelledAnswersLeaveNoTrace(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 3 } };

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    public void Tensors_and_the_next_answer_are_as_before(int last)
    {
        var expected = mini.Agent.Ground(MiniModel.Tiny(112, 84), "Click", s_short).Tokens;
        var live = mini.Agent.LiveTensors;
        using var stop = new CancellationTokenSource();
        var method = new CountingMethod(layer =>
        {
            if (layer == last)
                stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => mini.Agent.Ground(MiniModel.Tiny(112, 84), "Click", s_short with { Method = method }, stop.Token));
        Assert.Equal(last + 1, method.Scored);
        Assert.Equal(live, mini.Agent.LiveTensors);
        Assert.Equal(expected, mini.Agent.Ground(MiniModel.Tiny(112, 84), "Click", s_short).Tokens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_s_memory_does_not_count_an_answer_that_ended_before_its_prompt_was_read(bool cancelled)
    {
        // Its strength shows how many prefills each layer has seen.
        var method = new LastingMethod(new StarKvOptions { PriorWarmup = 1, PriorRamp = 4, PriorStrength = 1 });
        using var memory = new LayerMemory();
        var options = s_short with { Method = method, Memory = memory };
        mini.Agent.Ground(MiniModel.Tiny(), "Click", options);
        mini.Agent.Ground(MiniModel.Tiny(84), "Click", options);
        var live = mini.Agent.LiveTensors;

        using var stop = new CancellationTokenSource();
        method.Ending = layer =>
        {
            if (layer == 3 && cancelled)
                stop.Cancel();
            if (layer == 3 && !cancelled)
                throw new InvalidOperationException("the method's own");
        };
        Assert.ThrowsAny<Exception>(() => mini.Agent.Ground(MiniModel.Tiny(84), "Click", options, stop.Token));
        method.Ending = _ => { };
        Assert.Equal(live, mini.Agent.LiveTensors);

        method.Lambdas.Clear();
        mini.Agent.Ground(MiniModel.Tiny(84), "Click", options);
        Assert.Equal(Enumerable.Repeat(0.5, mini.Agent.Config.Text.Layers), method.Lambdas);
    }

    [Fact]
    public void A_screen_that_was_not_encoded_to_its_end_is_not_remembered() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var cache = new ScreenCache(1 << 20);
        using var stop = new CancellationTokenSource();
        var resize = new SmartResize(4 * 28 * 28, 1 << 24, 28);
        List<ModelImage> history = [MiniModel.Tiny(56, 84).ForModel(resize), MiniModel.Tiny(84, 56).ForModel(resize)];
        var fresh = new ScreenEncoder(golden.Model.Vision).Encode(history).Select(t => t.Embeddings.data<float>().ToArray()).ToList();
        var live = TorchThread.Live;
        // Screens of two sizes are encoded one after the other; the second is looked at for its grid, then for its pixels.
        var watched = new WatchedList(history, (index, times) =>
        {
            if (index == 1 && times == 2)
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => new ScreenEncoder(golden.Model.Vision, cache).Encode(watched, stop.Token));
        Assert.Equal(1, cache.Count);
        // The first one's embeddings, in the cache and in the scope around this test.
        Assert.Equal(live + 2, TorchThread.Live);
        Assert.Equal(fresh, new ScreenEncoder(golden.Model.Vision, cache).Encode(history).Select(t => t.Embeddings.data<float>().ToArray()));
        Assert.Equal(2, cache.Count);
    });

    [Fact]
    public async Task Time_shows_it_too()
    {
        var screen = MiniModel.Tiny(1120, 840);
        mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short);
        var watch = Stopwatch.StartNew();
        mini.Agent.Ground(MiniModel.Tiny(1120, 868), "Click", s_short);
        var whole = watch.Elapsed;
        using var stop = new CancellationTokenSource();
        var answer = mini.Agent.GroundAsync([screen], "Click", s_short, null, stop.Token);
        // In the vision tower, which takes most of the time.
        await Task.Delay(whole / 8);
        await stop.CancelAsync();
        watch.Restart();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        // One of sixteen layers; the rest leaves room for a machine that does other work, too.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, whole / 2 + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_picture_is_not_resized_to_its_end()
    {
        var pixels = new byte[3 * 3000 * 2500];
        var watch = Stopwatch.StartNew();
        BicubicResampler.Resize(pixels, 3000, 2500, 6000, 5000);
        var whole = watch.Elapsed;
        using var stop = new CancellationTokenSource();
        var resizing = Task.Run(() => BicubicResampler.Resize(pixels, 3000, 2500, 6000, 5000, cancellation: stop.Token));
        await Task.Delay(whole / 8);
        await stop.CancelAsync();
        watch.Restart();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resizing);
        // Done to its end it would not have been cancelled at all.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, whole / 2 + TimeSpan.FromSeconds(1));
    }

    /// <summary>star-kv that tells the prior's strength, and may end early.</summary>
    private sealed class LastingMethod(StarKvOptions options) : ICompressionMethod
    {
        private readonly StarKv _inner = new(options);

        public List<double> Lambdas { get; } = [];

        public Action<int> Ending { get; set; } = _ => { };

        public string Name => _inner.Name;

        public int Window(TokenMap prompt) => _inner.Window(prompt);

        public TorchSharp.torch.Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            var steps = _inner.Steps(observation, memory);
            Lambdas.Add(steps.Lambda);
            Ending(observation.Layer);
            return steps.Score.unsqueeze(0);
        }
    }

    /// <summary>A list that tells how often each of its items has been looked at by index.</summary>
    private sealed class WatchedList(List<ModelImage> items, Action<int, int> looked) : IReadOnlyList<ModelImage>
    {
        private readonly int[] _times = new int[items.Count];

        public int Count => items.Count;

        public ModelImage this[int index]
        {
            get
            {
                looked(index, ++_times[index]);
                return items[index];
            }
        }

        public IEnumerator<ModelImage> GetEnumerator() => items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
