using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Agent;
using StarKV.Tests.Models.Qwen25Vl;
using StarKV.Weights;

namespace StarKV.Tests.Issues;

/// <summary>"Within one token" said every method, and a cancelled answer went on through all layers of the vision tower and the decoder. Counted here in pieces of work, not in time.</summary>
public sealed class CancellingWithinOneLayer
{
    [Fact]
    public void The_vision_tower_ends_behind_the_layer() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var stop = new CancellationTokenSource();
        List<string> layers = [];
        Assert.Throws<OperationCanceledException>(() => golden.Tower.Encode(golden.Pixels.unsqueeze(0), golden.Grids[0], (name, _) =>
        {
            layers.Add(name);
            if (name.StartsWith("block0", StringComparison.Ordinal))
                stop.Cancel();
        }, stop.Token));
        Assert.Equal(["patch_embed", "block0_window_order"], layers);
    });

    [Fact]
    public void The_decoder_ends_behind_the_layer() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var stop = new CancellationTokenSource();
        List<string> layers = [];
        var screens = golden.Encode();
        Assert.Throws<OperationCanceledException>(() => new PrefillRunner(golden.Model.Text).Run(golden.Prompt, screens, Compression.None, null, (name, _) =>
        {
            layers.Add(name);
            if (name == "layer0")
                stop.Cancel();
        }, stop.Token));
        Assert.Equal(["inputs_embeds", "layer0"], layers);
    });

    [Fact]
    public void Of_several_selections_of_a_layer_no_further_one_is_made() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var stop = new CancellationTokenSource();
        var methods = Enumerable.Range(0, 3).Select(i => new CountingMethod(layer =>
        {
            if (i == 1 && layer == 1)
                stop.Cancel();
        })).ToList();
        var screens = golden.Encode();
        var live = TorchThread.Live;
        Assert.Throws<OperationCanceledException>(() => new PrefillRunner(golden.Model.Text).Run(
            golden.Prompt, screens, [.. methods.Select(m => new Compression(m, KvBudget.Keep(0.5)))], cancellation: stop.Token));
        Assert.Equal([2, 2, 1], methods.Select(m => m.Scored));
        Assert.Equal(live, TorchThread.Live);
    });

    [Fact]
    public void Of_layers_that_were_held_back_no_further_one_is_compacted() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var stop = new CancellationTokenSource();
        var before = new CountingMethod(_ => { });
        var held = new CountingMethod(_ => stop.Cancel(), new SparsityBudget());
        var screens = golden.Encode();
        var live = TorchThread.Live;
        Assert.Throws<OperationCanceledException>(() => new PrefillRunner(golden.Model.Text).Run(
            golden.Prompt, screens, [new Compression(before, KvBudget.Keep(0.5)), new Compression(held, KvBudget.Keep(0.5))], cancellation: stop.Token));
        Assert.Equal((golden.Model.Text.Layers, 1), (before.Scored, held.Scored));
        Assert.Equal(live, TorchThread.Live);
    });

    [Fact]
    public void A_compression_during_the_answer_ends_behind_the_layer() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var stop = new CancellationTokenSource();
        var answering = false;
        var method = new CountingMethod(_ =>
        {
            if (answering)
                stop.Cancel();
        });
        using var prefill = golden.Prefill(new Compression(new EveryNTokens(method, 2), KvBudget.Keep(0.5)));
        var read = method.Scored;
        answering = true;
        var options = new GenerationOptions { MaxNewTokens = 8 };
        using var sampler = new Sampler(options, 1, golden.Prompt.Ids, prefill.Logits.shape[1], TorchSharp.torch.CPU);
        Assert.Throws<OperationCanceledException>(() => new TokenLoop(golden.Model.Text).Run(prefill, sampler, options, _ => false, null, cancellation: stop.Token));
        Assert.Equal(read + 1, method.Scored);
    });

    [Fact]
    public void Loading_ends_behind_the_tensor_and_frees_what_was_loaded() => TorchThread.Run(() =>
    {
        using var whole = new GoldenModel("one_image");
        var total = 0;
        ModelRegistry.Load(GoldenModel.Folder, Compute.Choose("cpu"), new Teller(_ => total++)).Dispose();
        var live = TorchThread.Live;
        // In the tower, between tower and decoder, and in the decoder.
        foreach (var last in new[] { 1, 3, total / 3, total / 2, total - 2 })
        {
            using var stop = new CancellationTokenSource();
            var told = 0;
            Assert.Throws<OperationCanceledException>(() => ModelRegistry.Load(GoldenModel.Folder, Compute.Choose("cpu"), new Teller(_ =>
            {
                if (++told == last)
                    stop.Cancel();
            }), stop.Token));
            Assert.Equal(last, told);
            Assert.Equal(live, TorchThread.Live);
        }
    });

    [Fact]
    public async Task An_agent_that_is_being_loaded_is_cancelled_too()
    {
        using var stop = new CancellationTokenSource();
        var told = 0;
        var loading = GuiAgent.LoadAsync(MiniModel.Folder, "cpu", progress: new Teller(_ =>
        {
            if (++told == 5)
                stop.Cancel();
        }), cancellation: stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);
        Assert.Equal(5, told);
        Assert.Throws<OperationCanceledException>(() => GuiAgent.Load(MiniModel.Folder, "cpu", cancellation: stop.Token));
        using var agent = await GuiAgent.LoadAsync(MiniModel.Folder, "cpu");
        Assert.Equal("mini", agent.DefaultPrompt.Name);
    }

    private sealed class Teller(Action<LoadProgress> tell) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => tell(value);
    }
}
