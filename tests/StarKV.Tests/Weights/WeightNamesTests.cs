using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class WeightNamesTests
{
    [Theory]
    [InlineData("model.visual.blocks.0.norm1.weight", "visual.blocks.0.norm1.weight")]
    [InlineData("model.language_model.layers.3.mlp.up_proj.weight", "model.layers.3.mlp.up_proj.weight")]
    [InlineData("model.language_model.embed_tokens.weight", "model.embed_tokens.weight")]
    [InlineData("lm_head.weight", "lm_head.weight")]
    [InlineData("model.other", "model.other")]
    public void A_canonical_name_is_published_as_Qwen_publishes_it(string canonical, string published) =>
        Assert.Equal(published, WeightNames.Published(canonical));
}
