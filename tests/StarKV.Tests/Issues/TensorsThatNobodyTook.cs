using StarKV.Models;
using StarKV.Runtime;
using StarKV.Tests.Models.OpenCua;
using StarKV.Weights;
using Tensors = System.Collections.Generic.Dictionary<string, (long[] Shape, float[] Values)>;

namespace StarKV.Tests.Issues;

/// <summary>What a checkpoint stores beyond the model was left out without a word: the base model answered in a tuned one's name.</summary>
public sealed class TensorsThatNobodyTook
{
    private const string Layer = "language_model.model.layers.0.self_attn.", Head = "language_model.lm_head.weight", Table = "language_model.model.embed_tokens.weight";

    private static readonly Func<string, string> s_tied = config => config.Replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true", StringComparison.Ordinal);

    private static void Loads(OpenCuaCheckpoint checkpoint) => TorchThread.Run(() =>
    {
        using (checkpoint)
            ModelRegistry.Load(checkpoint.Folder, Compute.Choose("cpu")).Dispose();
    });

    private static void Refused(OpenCuaCheckpoint checkpoint, params string[] said)
    {
        using (checkpoint)
        {
            var error = TorchThread.Run(() => Assert.Throws<StarKvException>(() => ModelRegistry.Load(checkpoint.Folder, Compute.Choose("cpu"))));
            Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }
    }

    private static Action<Tensors> Adding(params string[] names) => tensors =>
    {
        foreach (var name in names)
            tensors.Add(name, ([2], [1, 1]));
    };

    [Fact]
    [Trait("outside", "1.40")]
    public void A_head_that_differs_from_the_tied_table_is_refused_with_both_ways_out() =>
        Refused(new OpenCuaCheckpoint(config: s_tied), $"'{Head}' differs from the embedding table", "tie_word_embeddings to false", "remove the tensor");

    [Fact]
    public void A_head_that_equals_the_tied_table_is_no_loss()
    {
        Loads(new OpenCuaCheckpoint(tensors => tensors[Head] = tensors[Table], s_tied));
        Loads(new OpenCuaCheckpoint(tensors => tensors.Remove(Head), s_tied));
    }

    [Fact]
    public void One_different_number_at_the_end_of_the_head_is_enough() =>
        Refused(new OpenCuaCheckpoint(tensors =>
        {
            var (shape, values) = tensors[Table];
            tensors[Head] = (shape, [.. values[..^1], values[^1] + 1]);
        }, s_tied), "differs from the embedding table");

    [Theory]
    [Trait("outside", "1.41")]
    [InlineData("adapter_config.json")]
    [InlineData("adapter_model.safetensors")]
    [InlineData("adapter_model.bin")]
    public void An_adapter_beside_the_weights_is_refused(string file)
    {
        using var checkpoint = new OpenCuaCheckpoint();
        File.WriteAllText(Path.Combine(checkpoint.Folder, file), """{"base_model_name_or_path":"ByteDance-Seed/UI-TARS-1.5-7B"}""");
        var error = Assert.Throws<StarKvException>(() => CheckpointFolder.Open(checkpoint.Folder).Dispose());
        Assert.Contains($"holds an adapter ('{file}')", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Merge it into {(file == "adapter_config.json" ? "ByteDance-Seed/UI-TARS-1.5-7B" : "its base model")} first", error.Message, StringComparison.Ordinal);
        Assert.Contains("take the adapter's files out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("outside", "1.41")]
    public void An_adapter_among_the_weights_is_refused() => Refused(
        new OpenCuaCheckpoint(Adding(Layer + "q_proj.lora_A.weight", Layer + "q_proj.lora_B.weight")),
        "stores 2 of ", $"'{Layer}q_proj.lora_A.weight', '{Layer}q_proj.lora_B.weight'", "some tensors belong to an adapter", "merge it into the weights first");

    [Fact]
    public void An_adapter_that_moved_the_weights_is_refused() => Refused(
        new OpenCuaCheckpoint(tensors =>
        {
            tensors.Remove(Layer + "q_proj.weight", out var weight);
            tensors.Add(Layer + "q_proj.base_layer.weight", weight);
        }), "has no tensor 'model.language_model.layers.0.self_attn.q_proj.weight'", "some tensors belong to an adapter");

    [Fact]
    [Trait("outside", "1.42")]
    public void A_layer_that_the_configuration_does_not_name_is_refused() => Refused(
        new OpenCuaCheckpoint(config: config => config.Replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2", StringComparison.Ordinal)),
        "stores 12 of ", "'language_model.model.layers.2.input_layernorm.weight'", " and 9 more", "give the config.json that belongs to these weights");

    [Fact]
    [Trait("outside", "1.42")]
    public void A_bias_that_nobody_reads_is_refused() => Refused(new OpenCuaCheckpoint(Adding(Layer + "o_proj.bias")), "stores 1 of ", $"'{Layer}o_proj.bias'");

    [Fact]
    public void A_refused_model_leaves_no_tensor_behind()
    {
        using var checkpoint = new OpenCuaCheckpoint(Adding("v_head.summary.weight"));
        TorchThread.Run(() =>
        {
            var before = TorchThread.Live;
            Assert.Throws<StarKvException>(() => ModelRegistry.Load(checkpoint.Folder, Compute.Choose("cpu")));
            Assert.Equal(before, TorchThread.Live);
        });
    }

    [Fact]
    public void A_tensor_of_no_known_name_is_refused() => Refused(new OpenCuaCheckpoint(Adding("v_head.summary.weight")), "'v_head.summary.weight'");

    [Fact]
    public void What_changes_no_answer_is_passed_over() => Loads(new OpenCuaCheckpoint(Adding(
        Layer + "rotary_emb.inv_freq", "vision_tower.rotary_pos_emb.inv_freq", Layer + "q_proj.input_scale", Layer + "k_scale", Layer + "v_scale", Layer + "k_proj.output_scale")));

    [Fact]
    public void A_scale_of_a_weight_that_needs_none_is_refused() => Refused(new OpenCuaCheckpoint(Adding(Layer + "o_proj.weight_scale")), $"'{Layer}o_proj.weight_scale'");

    [Theory]
    [InlineData("models", "mini")]
    [InlineData("tests", "vectors", "golden", "model")]
    public void The_checkpoints_of_the_repository_hold_nothing_beyond_the_model(params string[] path) =>
        TorchThread.Run(() => ModelRegistry.Load(RepositoryFiles.Path(path), Compute.Choose("cpu")).Dispose());
}
