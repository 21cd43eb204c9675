using StarKV.Decode;
using StarKV.Input;
using StarKV.Models;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Tests.Text;
using StarKV.Weights;

namespace StarKV.Tests.Agent;

/// <summary>An agent of a model that is made, not loaded.</summary>
public sealed class ModelsFromElsewhere
{
    private const string Config =
        """
        {"model_type":"qwen2_5_vl","vocab_size":2048,"hidden_size":64,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,
         "num_key_value_heads":2,"rope_scaling":{"type":"mrope","mrope_section":[2,3,3]},"image_token_id":5,"video_token_id":6,
         "vision_start_token_id":7,"vision_end_token_id":8,
         "vision_config":{"hidden_size":32,"intermediate_size":32,"num_heads":2,"out_hidden_size":64,"depth":1,"fullatt_block_indexes":[0]}}
        """;

    private static readonly SessionOptions s_options = new() { Method = new SnapKv(), Generation = new GenerationOptions { MaxNewTokens = 3 } };

    private static IVisionLanguageModel Make(string config = Config)
    {
        var compute = Compute.Choose("cpu");
        return ModelConfig.Parse(config).Create(new PreprocessorConfig(), compute, new RandomWeights(compute, seed: 1));
    }

    [Fact]
    public void Random_weights_answer_and_their_sessions_go_to_files_and_back()
    {
        using var folder = new TempFolder();
        using var agent = GuiAgent.FromModel(() => Make(), Mini.Tokenizer, "tiny");
        Assert.Equal(("uitars.grounding", 2), (agent.DefaultPrompt.Name, agent.Config.Text.Layers));
        using var session = agent.OpenSession("Click", s_options);
        Assert.InRange(session.Step(MiniModel.Tiny()).Tokens.Count, 1, 3);
        session.Save(folder.File("session"));
        using var restored = agent.RestoreSession(folder.File("session"));
        Assert.Equal(session.Step(MiniModel.Tiny()).Tokens, restored.Step(MiniModel.Tiny()).Tokens);

        using var other = GuiAgent.FromModel(() => Make(), Mini.Tokenizer, "another");
        Assert.Contains(
            "is the session of another model (tiny; this one is another)",
            Assert.Throws<StarKvException>(() => other.RestoreSession(folder.File("session"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_wrong_while_the_model_is_made_is_the_caller_s_error()
    {
        Assert.Equal("no", Assert.Throws<NotSupportedException>(() => GuiAgent.FromModel(() => throw new NotSupportedException("no"), Mini.Tokenizer, "")).Message);
        var small = Config.Replace("\"vocab_size\":2048", "\"vocab_size\":100", StringComparison.Ordinal);
        Assert.Contains(
            "a vocabulary of 100 tokens", Assert.Throws<StarKvException>(() => GuiAgent.FromModel(() => Make(small), Mini.Tokenizer, "")).Message,
            StringComparison.Ordinal);
    }
}
