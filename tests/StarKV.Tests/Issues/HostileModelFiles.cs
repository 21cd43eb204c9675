using StarKV.Files;
using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Tests.Issues;

/// <summary>A model's files that differ from good ones in one place are read or refused; nothing else happens. Reliability F5 and F6.</summary>
public sealed class HostileModelFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public HostileModelFiles()
    {
        foreach (var name in new[] { "config.json", "preprocessor_config.json", "generation_config.json" })
            _folder.Copy("models", "mini", name);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("config.json", 1000)]
    [InlineData("preprocessor_config.json", 300)]
    [InlineData("generation_config.json", 100)]
    public void A_model_s_files_are_read_or_refused(string name, int least)
    {
        var good = File.ReadAllText(_folder.File(name));
        var (read, refused) = (0, 0);
        foreach (var json in JsonMutations.Of(good))
        {
            _folder.Write(name, json);
            try
            {
                var config = ModelConfig.Load(_folder.Path);
                _ = QuantizationConfig.Read(JsonFile.Read(_folder.File("config.json")));
                _ = GenerationConfig.Load(_folder.Path);
                var (width, height) = PreprocessorConfig.Load(_folder.Path).Resize.Fit(1000, 700);
                Assert.InRange(3L * width * height, 1, Array.MaxLength);
                var vision = ((Qwen25VlConfig)config).Vision;
                Assert.InRange((long)vision.HiddenSize * vision.SpatialMergeSize * vision.SpatialMergeSize, 1, int.MaxValue);
                read++;
            }
            catch (StarKvException e)
            {
                Assert.Contains(".json", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(read > 0 && refused > least / 2 && read + refused > least, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_tokenizer_s_files_are_read_or_refused()
    {
        const string config = """{"added_tokens_decoder":{"256":{"content":"<|a|>","special":true},"257":{"content":"<|b|>"}},"model_max_length":9}""";
        _folder.Write("tiktoken.model", string.Join('\n', Enumerable.Range(0, 256).Select(i => $"{Convert.ToBase64String([(byte)i])} {i}")));
        _folder.Write("tokenizer_config.json", config);
        Assert.Equal(258, QwenTokenizer.LoadFolder(_folder.Path).VocabularySize);
        Each(config, json => QwenTokenizer.LoadFolder(Path.GetDirectoryName(_folder.Write("tokenizer_config.json", json))!));
    }

    [Fact]
    public void A_tokenizer_json_is_read_or_refused()
    {
        const string json = """{"added_tokens":[{"id":300,"content":"<|a|>","special":true}],"pre_tokenizer":{"type":"Split","pattern":{"Regex":"x"}},"model":{"type":"BPE","dropout":null,"vocab":{"a":0,"b":1,"ab":2},"merges":["a b",["a","b"]]}}""";
        Each(json, text => QwenTokenizer.Load(_folder.Write("tokenizer.json", text)));
    }

    [Fact]
    public void An_index_of_shards_is_read_or_refused()
    {
        const string index = """{"metadata":{"total_size":10},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""";
        Each(index, text =>
        {
            _folder.Write("model.safetensors.index.json", text);
            return CheckpointFolder.Open(_folder.Path);
        });
    }

    private static void Each(string good, Func<string, object> read)
    {
        var count = 0;
        foreach (var json in JsonMutations.Of(good))
        {
            var error = Record.Exception(() => read(json));
            Assert.True(error is null or StarKvException, $"{json}: {error}");
            count++;
        }

        Assert.True(count > 100);
    }
}
