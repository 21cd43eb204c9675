using System.Text.Json;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Tests.Models.OpenCua;

/// <summary>A small OpenCUA checkpoint with random weights in the published form: configuration, ranks, added tokens, bfloat16 shards with an index.</summary>
/// <remarks>The ranks are those of the shipped model's vocabulary, whose ids count its merges as a tiktoken file does.</remarks>
internal sealed class OpenCuaCheckpoint : IDisposable
{
    public const int Hidden = 32, Heads = 4, KvHeads = 2, HeadDim = 8, Layers = 3, Mlp = 48, Ranks = 1906, Vocabulary = 1936;

    private const int VisionHidden = 16, VisionMlp = 24, VisionDepth = 2;

    private readonly TempFolder _folder = new();

    /// <param name="edit">Changes the tensors before they are written; null for none.</param>
    /// <param name="config">Changes the text of config.json; null for none.</param>
    public OpenCuaCheckpoint(Action<Dictionary<string, (long[] Shape, float[] Values)>>? edit = null, Func<string, string>? config = null)
    {
        _folder.Write("config.json", config is null ? Config : config(Config));
        _folder.Write("generation_config.json", $$"""{"max_length":32768,"eos_token_id":{{Ranks + 1}}}""");
        _folder.Write("preprocessor_config.json", """{"image_processor_type":"Qwen2VLImageProcessor","min_pixels":3136,"max_pixels":12845056,"patch_size":14,"merge_size":2,"temporal_patch_size":2}""");
        WriteTokenizer(_folder, TokenizerFile.Read(RepositoryFiles.Path("models", "mini", "tokenizer.json")).Vocabulary);
        var tensors = Tensors();
        edit?.Invoke(tensors);
        SafetensorsWriter.WriteModel(_folder.Path, [.. tensors.Select(t => RandomTensors.Bfloat16(t.Key, t.Value.Shape, t.Value.Values))], maxBytes: 100_000);
    }

    public string Folder => _folder.Path;

    /// <summary>A checkpoint that answers every prompt with one text, whose tokens must differ: its layers add nothing, and its head knows what follows each token.</summary>
    public static OpenCuaCheckpoint Saying(string answer) => new(tensors =>
    {
        int[] text = QwenTokenizer.Load(RepositoryFiles.Path("models", "mini", "tokenizer.json")).Encode(answer);
        int[] chain = [Ranks + 17, .. text, Ranks + 1];
        Assert.Equal(chain.Distinct(), chain);
        foreach (var name in tensors.Keys.Where(n => n.StartsWith("language_model.", StringComparison.Ordinal) && (n.Contains("o_proj", StringComparison.Ordinal) || n.Contains("down_proj", StringComparison.Ordinal))))
            Array.Clear(tensors[name].Values);
        var (embedding, head) = (tensors["language_model.model.embed_tokens.weight"].Values, tensors["language_model.lm_head.weight"].Values);
        Array.Clear(head);
        foreach (var (token, next) in chain.Zip(chain.Skip(1)))
            embedding.AsSpan(token * Hidden, Hidden).CopyTo(head.AsSpan(next * Hidden));
    });

    public static string Config { get; } = $$"""
        {
          "architectures": ["OpenCUAForConditionalGeneration"], "model_type": "opencua", "torch_dtype": "bfloat16",
          "auto_map": { "AutoConfig": "configuration_opencua.OpenCUAConfig", "AutoModel": "modeling_opencua.OpenCUAForConditionalGeneration" },
          "ignore_index": -100, "media_placeholder_token_id": {{Ranks + 21}}, "pad_token_id": 0, "tie_word_embeddings": false, "max_position_embeddings": 128000,
          "text_config": {
            "model_type": "qwen2", "hidden_size": {{Hidden}}, "intermediate_size": {{Mlp}}, "num_hidden_layers": {{Layers}}, "num_attention_heads": {{Heads}},
            "num_key_value_heads": {{KvHeads}}, "vocab_size": {{Vocabulary}}, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "rope_scaling": null,
            "hidden_act": "silu", "use_sliding_window": false, "max_position_embeddings": 128000
          },
          "vision_config": {
            "model_type": "qwen2_5_vl", "depth": {{VisionDepth}}, "hidden_size": {{VisionHidden}}, "num_heads": 2, "intermediate_size": {{VisionMlp}}, "in_chans": 3,
            "patch_size": 14, "spatial_patch_size": 14, "temporal_patch_size": 2, "spatial_merge_size": 2, "window_size": 112, "fullatt_block_indexes": [1],
            "out_hidden_size": {{Hidden}}, "hidden_act": "silu"
          }
        }
        """;

    /// <summary>Writes ranks with OpenCUA's added tokens behind them, at the published distances from the first.</summary>
    public static void WriteTokenizer(TempFolder folder, IReadOnlyList<KeyValuePair<string, int>> vocabulary)
    {
        var first = vocabulary.Count;
        (int At, string Content)[] added =
        [
            (0, "[BOS]"), (1, "[EOS]"), (2, "<|im_end|>"), (3, "<|im_user|>"), (4, "<|im_assistant|>"), (5, "<|reserved_token_0|>"),
            (6, "<|start_header_id|>"), (7, "<|end_header_id|>"), (9, "[EOT]"), (10, "<|im_system|>"), (17, "<|im_middle|>"),
            (18, "<|media_begin|>"), (19, "<|media_content|>"), (20, "<|media_end|>"), (21, "<|media_placeholder|>"),
        ];
        folder.Write("tiktoken.model", string.Concat(vocabulary.OrderBy(token => token.Value)
            .Select(token => $"{Convert.ToBase64String([.. token.Key.Select(c => (byte)ByteAlphabet.ByteOf(c))])} {token.Value}\n")));
        folder.Write("tokenizer_config.json", JsonSerializer.Serialize(new
        {
            added_tokens_decoder = added.ToDictionary(a => $"{first + a.At}", a => new { content = a.Content, lstrip = false, normalized = false, rstrip = false, single_word = false, special = true }),
            auto_map = new { AutoTokenizer = new[] { "tokenization_opencua.TikTokenV3", null } },
            bos_token = "[BOS]",
            eos_token = "[EOS]",
            tokenizer_class = "TikTokenV3",
        }));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Every tensor by its published name.</summary>
    private static Dictionary<string, (long[] Shape, float[] Values)> Tensors()
    {
        var all = new RandomTensors(7, bias: 0.5);
        const string text = "language_model.model.", vision = "vision_tower.";
        Add(text + "embed_tokens.weight", Vocabulary, Hidden);
        for (var i = 0; i < Layers; i++)
        {
            var layer = $"{text}layers.{i}.";
            Add(layer + "input_layernorm.weight", Hidden);
            foreach (var (name, rows) in new[] { ("q", Heads), ("k", KvHeads), ("v", KvHeads) })
            {
                Add($"{layer}self_attn.{name}_proj.weight", rows * HeadDim, Hidden);
                Add($"{layer}self_attn.{name}_proj.bias", rows * HeadDim);
            }

            Add(layer + "self_attn.o_proj.weight", Hidden, Heads * HeadDim);
            Add(layer + "post_attention_layernorm.weight", Hidden);
            Add(layer + "mlp.gate_proj.weight", Mlp, Hidden);
            Add(layer + "mlp.up_proj.weight", Mlp, Hidden);
            Add(layer + "mlp.down_proj.weight", Hidden, Mlp);
        }

        Add(text + "norm.weight", Hidden);
        Add("language_model.lm_head.weight", Vocabulary, Hidden);
        Add(vision + "patch_embed.proj.weight", VisionHidden, 3, 2, 14, 14);
        for (var i = 0; i < VisionDepth; i++)
        {
            var block = $"{vision}blocks.{i}.";
            Add(block + "norm1.weight", VisionHidden);
            Add(block + "norm2.weight", VisionHidden);
            Linear(block + "attn.qkv", 3 * VisionHidden, VisionHidden);
            Linear(block + "attn.proj", VisionHidden, VisionHidden);
            Linear(block + "mlp.gate_proj", VisionMlp, VisionHidden);
            Linear(block + "mlp.up_proj", VisionMlp, VisionHidden);
            Linear(block + "mlp.down_proj", VisionHidden, VisionMlp);
        }

        Add(vision + "merger.ln_q.weight", VisionHidden);
        Linear(vision + "merger.mlp.0", 4 * VisionHidden, 4 * VisionHidden);
        Linear(vision + "merger.mlp.2", Hidden, 4 * VisionHidden);
        return all.All;

        void Linear(string name, long rows, long columns) => all.Linear(name, rows, columns);

        void Add(string name, params long[] shape) => all.Add(name, shape);
    }
}
