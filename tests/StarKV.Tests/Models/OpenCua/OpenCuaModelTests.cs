using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Text;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.OpenCua;

/// <summary>The decoder of a random OpenCUA checkpoint beside a second one written plainly.</summary>
public sealed class OpenCuaModelTests
{
    private static readonly PatchGrid s_grid = new(4, 6);

    [Fact]
    public void Every_layer_and_the_answer_equal_a_plain_decoder_with_one_dimensional_positions()
    {
        using var checkpoint = new OpenCuaCheckpoint();
        TorchThread.Run(() =>
        {
            using var model = ModelRegistry.Load(checkpoint.Folder, Compute.Choose("cpu"));
            using var folder = CheckpointFolder.Open(checkpoint.Folder);
            var plain = new PlainQwen2(folder);
            var (prompt, screens) = (Prompt(checkpoint), Screens(model));
            var streams = new List<Tensor>();
            using var prefill = new PrefillRunner(model.Text).Run(prompt, screens, Compression.None, trace: (_, stream) => streams.Add(stream.clone().DetachFromDisposeScope()));

            var (layers, logits) = plain.Run(streams[0]);
            foreach (var (actual, expected) in streams.Skip(1).Zip(layers))
                Close(expected, actual);
            Close(logits[^1], prefill.Logits[0]);
            Assert.Equal(prompt.Length, prefill.NextPosition);

            // The answer goes on at the next position; the plain decoder reads everything anew for each token.
            var options = new GenerationOptions { MaxNewTokens = 6 };
            using var sampler = new Sampler(options, 1, prompt.Ids, prefill.Logits.shape[1], CPU);
            var tokens = new TokenLoop(model.Text).Run(prefill, sampler, options, _ => false, null).Tokens;
            var sequence = streams[0];
            foreach (var token in tokens)
            {
                Assert.Equal(plain.Run(sequence).Logits[^1].argmax().item<long>(), token);
                sequence = cat([sequence, plain.Embed(token)], 0);
            }

            streams.ForEach(stream => stream.Dispose());
        });
    }

    [Fact]
    public void With_the_positions_of_Qwen_the_same_weights_compute_something_else()
    {
        using var checkpoint = new OpenCuaCheckpoint();
        using var other = new OpenCuaCheckpoint(config: text => text
            .Replace("\"opencua\"", "\"qwen2_5_vl\"", StringComparison.Ordinal)
            .Replace("\"rope_scaling\": null", "\"rope_scaling\": { \"type\": \"mrope\", \"mrope_section\": [1, 1, 2] }", StringComparison.Ordinal));
        TorchThread.Run(() =>
        {
            var logits = new List<Tensor>();
            foreach (var folder in new[] { checkpoint.Folder, other.Folder })
            {
                using var model = ModelRegistry.Load(folder, Compute.Choose("cpu"));
                using var prefill = new PrefillRunner(model.Text).Run(Prompt(checkpoint), Screens(model), Compression.None);
                logits.Add(prefill.Logits.clone());
            }

            Assert.True((logits[0] - logits[1]).abs().max().item<float>() > 0.1);
        });
    }

    [Fact]
    public void Kept_rows_keep_their_place_in_the_sequence()
    {
        using var checkpoint = new OpenCuaCheckpoint();
        TorchThread.Run(() =>
        {
            using var model = ModelRegistry.Load(checkpoint.Folder, Compute.Choose("cpu"));
            var prompt = Prompt(checkpoint);
            using var prefill = new PrefillRunner(model.Text).Run(prompt, Screens(model), new Compression(new SnapKv(), KvBudget.Keep(0.5)));
            for (var layer = 0; layer < OpenCuaCheckpoint.Layers; layer++)
                Assert.All(prefill.Cache.Rows(layer), row => Assert.Equal(((long)row.Token, (long)row.Token, (long)row.Token), (row.Time, row.Height, row.Width)));
            Assert.Equal(prompt.Length, prefill.NextPosition);
        });
    }

    [Fact]
    public void The_configuration_names_its_family()
    {
        var config = ModelConfig.Parse(OpenCuaCheckpoint.Config);
        Assert.Same(Qwen25VlFamilies.OpenCua, config.Family);
        Assert.Equal((RopeKind.OneDimensional, 1e6, 128000, false), (config.Text.Rope, config.Text.RopeTheta, config.Text.MaxPositions, config.Text.TieWordEmbeddings));
        Assert.Equal([OpenCuaCheckpoint.HeadDim / 2, 0, 0], config.Text.MropeSection);
        Assert.Equal(OpenCuaCheckpoint.Ranks + 21, config.ImageTokenId);
        Assert.Equal(151664, ModelConfig.Parse(OpenCuaCheckpoint.Config.Replace("media_placeholder", "other", StringComparison.Ordinal)).ImageTokenId);
    }

    [Theory]
    [InlineData("\"rope_theta\": 1000000.0,", "", "there is no rope_theta")]
    [InlineData("\"rope_scaling\": null", "\"rope_scaling\": {\"rope_type\":\"yarn\"}", "'yarn'")]
    [InlineData("\"opencua\"", "\"opencua2\"", "'opencua2'; supported are qwen2_5_vl (Qwen2.5-VL, UI-TARS-1.5), opencua (OpenCUA)")]
    [InlineData("\"out_hidden_size\": 32", "\"out_hidden_size\": 64", "out_hidden_size 64")]
    [InlineData("\"media_placeholder_token_id\": 1927", "\"media_placeholder_token_id\": 151664", "media_placeholder_token_id is 151664")]
    public void A_configuration_that_does_not_fit_is_refused(string old, string changed, string said)
    {
        Assert.Contains(old, OpenCuaCheckpoint.Config, StringComparison.Ordinal);
        var error = Assert.Throws<StarKvException>(() => ModelConfig.Parse(OpenCuaCheckpoint.Config.Replace(old, changed, StringComparison.Ordinal)));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static TokenMap Prompt(OpenCuaCheckpoint checkpoint) => new PromptBuilder(QwenTokenizer.LoadFolder(checkpoint.Folder), ChatFormat.OpenCua)
        .Build(new PromptStyle("test", "Open {instruction}", "Go.", InstructionPosition.Last), new PromptRequest("the menu", [new(2, 3), new(2, 3)]) { PastActions = ["a"] });

    private static List<ScreenFeatures> Screens(IVisionLanguageModel model)
    {
        manual_seed(1);
        var patches = randn(2, s_grid.Patches, 1176);
        return [.. ((Qwen25VlModel)model).Vision.Encode(patches, s_grid).unbind(0).Select(e => new ScreenFeatures(e))];
    }

    private static void Close(Tensor expected, Tensor actual) =>
        Assert.InRange(((actual - expected).abs().max() / expected.abs().max()).item<float>(), 0, 1e-4f);
}
