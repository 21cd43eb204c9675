using System.Text;
using StarKV.Files;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Models;
using StarKV.Weights;

namespace StarKV.Fuzz.Targets;

/// <summary>A <c>config.json</c> of either family, and what it says of quantized weights.</summary>
internal sealed class ConfigTarget : IFuzzTarget
{
    private const string OpenCua =
        """
        {"architectures":["OpenCUAForConditionalGeneration"],"model_type":"opencua","media_placeholder_token_id":1927,"pad_token_id":0,"tie_word_embeddings":false,
         "text_config":{"model_type":"qwen2","hidden_size":32,"intermediate_size":48,"num_hidden_layers":3,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":1936,"rms_norm_eps":1e-06,
          "rope_theta":1000000.0,"rope_scaling":null,"hidden_act":"silu","use_sliding_window":false,"max_position_embeddings":128000,"eos_token_id":[7,8]},
         "vision_config":{"model_type":"qwen2_5_vl","depth":2,"hidden_size":16,"num_heads":2,"intermediate_size":24,"in_chans":3,"patch_size":14,"spatial_patch_size":14,"temporal_patch_size":2,
          "spatial_merge_size":2,"window_size":112,"fullatt_block_indexes":[1],"out_hidden_size":32,"hidden_act":"silu"},
         "quantization_config":{"quant_method":"fp8","weight_block_size":null}}
        """;

    public string Name => "config";

    public int InputsARound => 5_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("qwen2_5_vl", "opencua", "rope_parameters", "compressed-tensors", "fp8", "mrope");

    public IEnumerable<byte[]> Seeds() =>
        [SeedFiles.Read("models/mini/config.json"), SeedFiles.Read("tests/vectors/golden/model/config.json"), SeedFiles.Read("tests/vectors/golden/model/config_hub_style.json"), Encoding.UTF8.GetBytes(OpenCua)];

    public string Run(byte[] input)
    {
        var fields = JsonFile.Parse(input, "config.json");
        var quantized = QuantizationConfig.Read(fields);
        var config = ModelConfig.Parse(Encoding.UTF8.GetString(input));
        BrokenPromiseException.Unless(config.Text.HeadDim * config.Text.Heads == config.Text.HiddenSize && config.Text.Heads % config.Text.KvHeads == 0, "the heads do not make up the width");
        return $"{config.Family.ModelType} {quantized?.Method} {config.Text.TieWordEmbeddings} {config.EosTokenIds.Length} {config.ToString()!.Length}";
    }
}
