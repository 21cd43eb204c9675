using System.Globalization;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Tests.Models.Qwen3Vl;

/// <summary>
/// A small Qwen3-VL checkpoint with random weights in the published form: configuration, bfloat16 shards with an index, the shipped model's
/// vocabulary.
/// </summary>
/// <remarks>
/// Its answers are digits, each a token of its own: as text they are read again as the tokens that were written.
/// </remarks>
internal sealed class Qwen3VlCheckpoint : IDisposable
{
    public const int Hidden = 40, Heads = 8, HeadDim = 16, Layers = 4, Mlp = 64, Vocabulary = 1920, Additions = 2;

    private const int VisionHidden = 16, VisionMlp = 24, VisionDepth = 3, PositionEntries = 36;

    private readonly TempFolder _folder = new();
    private readonly RandomTensors _tensors = new(11, bias: 0.3);

    /// <param name="kvHeads">Key/value heads: 1, 2, 4 or 8.</param>
    /// <param name="config">Changes the text of config.json; null for none.</param>
    /// <param name="store">Makes the stored tensors of a weight; null for bfloat16.</param>
    public Qwen3VlCheckpoint(
        int kvHeads = 4, Func<string, string>? config = null, Func<string, long[], float[], IEnumerable<StoredTensor>>? store = null)
    {
        foreach (var name in new[] { "tokenizer.json", "generation_config.json", "starkv.json" })
            File.Copy(RepositoryFiles.Path("models", "mini", name), _folder.File(name));
        _folder.Write("config.json", config is null ? Config(kvHeads) : config(Config(kvHeads)));
        _folder.Write(
            "preprocessor_config.json",
            """{"image_processor_type":"Qwen2VLImageProcessorFast","size":{"shortest_edge":4096,"longest_edge":65536},"patch_size":16}""");
        Text(kvHeads);
        Vision();
        SafetensorsWriter.WriteModel(
            _folder.Path, [.. _tensors.All.SelectMany(t => (store ?? Bfloat16)(t.Key, t.Value.Shape, t.Value.Values))], maxBytes: 100_000);
    }

    public string Folder => _folder.Path;

    public static string Config(int kvHeads) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {
          "architectures": ["Qwen3VLForConditionalGeneration"], "model_type": "qwen3_vl", "tie_word_embeddings": false,
          "image_token_id": 1912, "video_token_id": 1913, "vision_start_token_id": 1909, "vision_end_token_id": 1910,
          "text_config": {
            "model_type": "qwen3_vl_text", "hidden_size": {{Hidden}}, "intermediate_size": {{Mlp}}, "num_hidden_layers": {{Layers}},
            "num_attention_heads": {{Heads}}, "num_key_value_heads": {{kvHeads}}, "head_dim": {{HeadDim}}, "vocab_size": {{Vocabulary}},
            "attention_bias": false, "hidden_act": "silu", "rms_norm_eps": 1e-06, "max_position_embeddings": 8192, "rope_theta": 5000000,
            "rope_scaling": {"mrope_interleaved": true, "mrope_section": [4, 2, 2], "rope_type": "default"}
          },
          "vision_config": {
            "model_type": "qwen3_vl", "depth": {{VisionDepth}}, "hidden_size": {{VisionHidden}}, "num_heads": 2,
            "intermediate_size": {{VisionMlp}}, "in_channels": 3, "patch_size": 16, "temporal_patch_size": 2, "spatial_merge_size": 2,
            "num_position_embeddings": {{PositionEntries}}, "deepstack_visual_indexes": [0, 1], "out_hidden_size": {{Hidden}},
            "hidden_act": "gelu_pytorch_tanh"
          }
        }
        """);

    public void Dispose() => _folder.Dispose();

    private void Text(int kvHeads)
    {
        const string text = "model.language_model.";
        Add(text + "embed_tokens.weight", Vocabulary, Hidden);
        for (var i = 0; i < Layers; i++)
        {
            var layer = $"{text}layers.{i}.";
            Add(layer + "input_layernorm.weight", Hidden);
            Add(layer + "self_attn.q_proj.weight", Heads * HeadDim, Hidden);
            Add(layer + "self_attn.k_proj.weight", kvHeads * HeadDim, Hidden);
            Add(layer + "self_attn.v_proj.weight", kvHeads * HeadDim, Hidden);
            Add(layer + "self_attn.q_norm.weight", HeadDim);
            Add(layer + "self_attn.k_norm.weight", HeadDim);
            Add(layer + "self_attn.o_proj.weight", Hidden, Heads * HeadDim);
            Add(layer + "post_attention_layernorm.weight", Hidden);
            Add(layer + "mlp.gate_proj.weight", Mlp, Hidden);
            Add(layer + "mlp.up_proj.weight", Mlp, Hidden);
            Add(layer + "mlp.down_proj.weight", Hidden, Mlp);
        }

        Add(text + "norm.weight", Hidden);
        Add("lm_head.weight", Vocabulary, Hidden);
        var (tokenizer, head) = (QwenTokenizer.Load(RepositoryFiles.Path("models", "mini", "tokenizer.json")), _tensors.All["lm_head.weight"].Values);
        var digits = "0123456789".Select(d => Assert.Single(tokenizer.Encode($"{d}"))).ToHashSet();
        for (var token = 0; token < Vocabulary; token++)
        {
            if (!digits.Contains(token))
                head.AsSpan(token * Hidden, Hidden).Clear();
        }
    }

    private void Vision()
    {
        const string vision = "model.visual.";
        Linear(vision + "patch_embed.proj", VisionHidden, 3, 2, 16, 16);
        Add(vision + "pos_embed.weight", PositionEntries, VisionHidden);
        for (var i = 0; i < VisionDepth; i++)
        {
            var block = $"{vision}blocks.{i}.";
            Norm(block + "norm1", VisionHidden);
            Norm(block + "norm2", VisionHidden);
            Linear(block + "attn.qkv", 3 * VisionHidden, VisionHidden);
            Linear(block + "attn.proj", VisionHidden, VisionHidden);
            Linear(block + "mlp.linear_fc1", VisionMlp, VisionHidden);
            Linear(block + "mlp.linear_fc2", VisionHidden, VisionMlp);
        }

        Merger(vision + "merger.", VisionHidden);
        for (var i = 0; i < Additions; i++)
            Merger($"{vision}deepstack_merger_list.{i}.", 4 * VisionHidden);
    }

    private void Merger(string name, int normed)
    {
        Norm(name + "norm", normed);
        Linear(name + "linear_fc1", 4 * VisionHidden, 4 * VisionHidden);
        Linear(name + "linear_fc2", Hidden, 4 * VisionHidden);
    }

    private void Norm(string name, int width)
    {
        Add(name + ".weight", width);
        Add(name + ".bias", width);
    }

    private void Linear(string name, params long[] shape) => _tensors.Linear(name, shape);

    private void Add(string name, params long[] shape) => _tensors.Add(name, shape);

    /// <summary>A weight as it is stored by default.</summary>
    public static IEnumerable<StoredTensor> Bfloat16(string name, long[] shape, float[] values) => [RandomTensors.Bfloat16(name, shape, values)];
}
