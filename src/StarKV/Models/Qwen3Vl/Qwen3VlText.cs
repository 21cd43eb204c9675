using StarKV.Files;

namespace StarKV.Models.Qwen3Vl;

/// <summary>Reads the text decoder of a Qwen3-VL model from <c>text_config</c>.</summary>
internal static class Qwen3VlText
{
    /// <summary>Reads it; what would change the answers without being supported is refused.</summary>
    /// <exception cref="StarKvException">A field is missing, contradicts another, or asks for what is not supported.</exception>
    public static TextConfig Read(JsonFields root)
    {
        var text = root.Object("text_config") ?? throw root.Error("there is no text_config; the model has no text decoder.");
        // Published files have rope_theta and rope_scaling, those that transformers 5 writes rope_parameters with both in it.
        var rope = text.Object("rope_parameters") ?? text.Object("rope_scaling");
        if (!text.Has("head_dim"))
            throw text.Error("there is no head_dim, which does not follow from hidden_size; take the file of the published model.");
        // Versions of the library differ in what they take for a missing base, and a wrong one gives nonsense without an error.
        if (!text.Has("rope_theta") && rope?.Has("rope_theta") is not true)
            throw text.Error("there is no rope_theta, which has no default for this model; take the file of the published model.");
        Refuse(text, rope);
        var config = TextConfig.ReadSizes(root, text) with
        {
            HeadDim = text.RequiredSize("head_dim", TextConfig.MaxWidth),
            RopeTheta = rope?.Has("rope_theta") is true
                ? rope.Number("rope_theta", 0, 1, 1e12)
                : text.Number("rope_theta", 0, 1, 1e12),
            MropeSection = rope?.Wholes("mrope_section", 0, 1 << 16) ?? [24, 20, 20],
            InterleavedAxes = true,
            QkvBias = false,
            HeadNorms = true,
        };
        if (config.HeadDim % 2 != 0)
            throw text.Error($"head_dim is {config.HeadDim}; it must be even.");
        config.Check(text, rope);
        return config;
    }

    private static void Refuse(JsonFields text, JsonFields? rope)
    {
        if (text.Flag("attention_bias", false))
            throw text.Error("attention_bias is true; decoders of this kind are supported without biases. Take the published model.");
        if (rope is not null && !rope.Flag("mrope_interleaved", true))
            throw text.Error("mrope_interleaved is false; only interleaved rotary axes are supported. Take the published model.");
        // "mrope" would be run as default by the shared check, but this architecture never has it.
        if ((rope?.Text("rope_type") ?? rope?.Text("type")) is { } type and not "default")
        {
            throw text.Error(
                $"the rotary type is {MessageText.Name(type)}; only default is supported, so contexts end at max_position_embeddings. " +
                    $"Take the published config.json.");
        }
    }
}
