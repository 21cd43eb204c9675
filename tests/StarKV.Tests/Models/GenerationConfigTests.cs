using StarKV.Models;

namespace StarKV.Tests.Models;

/// <summary>generation_config.json.</summary>
public sealed class GenerationConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private GenerationConfig Read(string json)
    {
        _folder.Write("generation_config.json", json);
        return GenerationConfig.Load(_folder.Path);
    }

    [Fact]
    public void Without_a_file_there_are_defaults()
    {
        var config = GenerationConfig.Load(_folder.Path);
        Assert.Empty(config.EosTokenIds);
        Assert.Null(config.PadTokenId);
        Assert.Null(config.MaxNewTokens);
        Assert.Equal((1.0, 1.0, 1.0, 50, false), (config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.DoSample));
    }

    [Fact]
    public void Every_value_is_read()
    {
        var config = Read(
            """{"eos_token_id":[5,6],"pad_token_id":7,"repetition_penalty":1.05,"temperature":1e-6,"top_p":0.8,"top_k":20,"do_sample":true,"max_new_tokens":9}""");
        Assert.Equal([5, 6], config.EosTokenIds);
        Assert.Equal((7, 1.05, 1e-6, 0.8, 20, true, 9), (config.PadTokenId, config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.DoSample, config.MaxNewTokens));
    }

    [Fact]
    public void What_the_file_of_generation_leaves_out_has_its_default()
    {
        var config = Read("{}");
        Assert.Empty(config.EosTokenIds);
        Assert.Equal(((int?)null, 1.0, 1.0, 1.0, 50, false, (int?)null), (config.PadTokenId, config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.DoSample, config.MaxNewTokens));
    }

    [Fact]
    public void One_end_token_counts_as_a_list() => Assert.Equal([5], Read("""{"eos_token_id":5}""").EosTokenIds);

    [Theory]
    [InlineData("""{"eos_token_id":4}""", new[] { 4 })]
    [InlineData("""{"text_config":{"eos_token_id":[3]}}""", new[] { 3 })]
    [InlineData("""{"eos_token_id":null,"text_config":{"eos_token_id":null}}""", new int[] { })]
    public void End_tokens_fall_back_to_the_model_config(string json, int[] expected)
    {
        _folder.Write("config.json", json);
        Assert.Equal(expected, GenerationConfig.Load(_folder.Path).EosTokenIds);
        Assert.Equal(expected, Read("""{"do_sample":true}""").EosTokenIds);
        Assert.Equal([9], Read("""{"eos_token_id":9}""").EosTokenIds);
    }

    [Theory]
    [InlineData("""{"repetition_penalty":0}""", "repetition_penalty")]
    [InlineData("""{"temperature":-1}""", "temperature")]
    [InlineData("""{"top_p":1.1}""", "top_p")]
    [InlineData("""{"top_k":-1}""", "top_k")]
    [InlineData("""{"eos_token_id":["a"]}""", "eos_token_id")]
    [InlineData("""{"max_new_tokens":0}""", "max_new_tokens")]
    [InlineData("nonsense", "generation_config.json")]
    public void Value_outside_its_bounds(string json, string said) =>
        Assert.Contains(said, Assert.Throws<StarKvException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0.01", 0.01, "0", 0, "0", 0)]
    [InlineData("100", 100, "100", 100, "1", 1)]
    public void Values_may_lie_on_their_bounds(string penalty, double penaltyRead, string temperature, double temperatureRead, string topP, double topPRead)
    {
        var config = Read($$"""{"repetition_penalty":{{penalty}},"temperature":{{temperature}},"top_p":{{topP}},"top_k":0,"pad_token_id":0,"eos_token_id":0,"max_new_tokens":1}""");
        Assert.Equal((penaltyRead, temperatureRead, topPRead, 0, 0, 1), (config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.PadTokenId, config.MaxNewTokens));
        Assert.Equal([0], config.EosTokenIds);
    }

    [Theory]
    [InlineData("""{"vocab_size":10}""")]
    [InlineData("""{"text_config":{"vocab_size":10},"vocab_size":5}""")]
    public void Tokens_of_the_vocabulary_are_accepted_up_to_its_last(string model)
    {
        _folder.Write("config.json", model);
        Assert.Equal(9, Read("""{"eos_token_id":[0,9],"pad_token_id":9}""").PadTokenId);
        Assert.Contains("eos_token_id names 10, but", Assert.Throws<StarKvException>(() => Read("""{"eos_token_id":[9,10,11]}""")).Message, StringComparison.Ordinal);
        Assert.Contains("pad_token_id is 10, but", Assert.Throws<StarKvException>(() => Read("""{"pad_token_id":10}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_a_model_that_names_no_vocabulary_are_not_compared()
    {
        _folder.Write("config.json", "{}");
        Assert.Equal(2_000_000_000, Read("""{"pad_token_id":2000000000}""").PadTokenId);
    }
}
