namespace StarKV.Tests;

/// <summary>The architecture of the shipped model with two and two small layers, for tests that train.</summary>
internal static class TinyShape
{
    public const string Json =
        """
        {
         "architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl", "vocab_size": 1920,
         "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
         "hidden_act": "silu", "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "rope_scaling": {"type": "mrope", "mrope_section": [4, 6, 6]},
         "tie_word_embeddings": true, "image_token_id": 1912, "video_token_id": 1913, "vision_start_token_id": 1909, "vision_end_token_id": 1910,
         "eos_token_id": 1908, "bos_token_id": 1906,
         "vision_config": {"depth": 2, "hidden_size": 64, "intermediate_size": 128, "num_heads": 2, "out_hidden_size": 64, "window_size": 112, "fullatt_block_indexes": [1], "hidden_act": "silu"}
        }
        """;

    /// <summary>A folder with the tiny shape and everything else of the shipped model but its weights.</summary>
    public static string Folder(string parent)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, "shape")).FullName;
        foreach (var name in new[] { "tokenizer.json", "preprocessor_config.json", "generation_config.json", "starkv.json" })
            File.Copy(RepositoryFiles.Path("models", "mini", name), Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "config.json"), Json);
        return folder;
    }
}
