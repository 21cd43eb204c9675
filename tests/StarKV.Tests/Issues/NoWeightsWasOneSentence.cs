using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Tests.Issues;

/// <summary>"Convert it to safetensors" was said of safetensors files: of an adapter, and of a model under another name.</summary>
public sealed class NoWeightsWasOneSentence : IDisposable
{
    private readonly TempFolder _folder = new();

    public NoWeightsWasOneSentence() => _folder.Write("config.json", "{}");

    public void Dispose() => _folder.Dispose();

    private string Refusal() => Assert.Throws<StarKvException>(() => CheckpointFolder.Open(_folder.Path).Dispose()).Message;

    [Theory]
    [Trait("outside", "1.49")]
    [InlineData(true)]
    [InlineData(false)] // as PEFT writes it
    public void A_folder_of_an_adapter_names_the_model_to_merge_it_into(bool config)
    {
        _folder.Write("adapter_config.json", """{"peft_type":"LORA","base_model_name_or_path":"ByteDance-Seed/UI-TARS-1.5-7B"}""");
        _folder.Write("adapter_model.safetensors", "x");
        if (!config)
            File.Delete(_folder.File("config.json"));
        Assert.Equal(
            $"{_folder.Path} holds an adapter ('adapter_config.json'), and adapters are not applied. " +
            "Merge it into ByteDance-Seed/UI-TARS-1.5-7B first (PEFT: merge_and_unload) and give the folder of the merged model.", Refusal());
    }

    [Fact]
    [Trait("outside", "1.50")]
    public void A_single_file_of_another_name_is_named_with_the_name_it_needs()
    {
        _folder.Write("qwen_2.5_vl_7b.safetensors", "weights");
        _folder.Write("mmproj.gguf", "more bytes than the weights have");
        Assert.EndsWith("'qwen_2.5_vl_7b.safetensors' is not looked for under that name: rename it to model.safetensors if it is the whole model.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_without_their_index_ask_for_the_index()
    {
        _folder.Write("model-00002-of-00004.safetensors", "x");
        Assert.EndsWith("'model-00002-of-00004.safetensors' is one part of several, and model.safetensors.index.json, which names them, is missing. Download it.", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("model-q4_k_m.gguf")]
    [InlineData("last.ckpt")]
    public void Another_format_is_called_one(string name)
    {
        _folder.Write(name, "as large as weights are");
        _folder.Write("training_args.bin", "small");
        Assert.EndsWith($"'{name}' is another format; download or convert to safetensors.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_files_are_no_weights()
    {
        _folder.Write("._model.safetensors", "x");
        Assert.EndsWith("Download the complete model.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_of_the_hub_is_called_one_before_anything_is_fetched()
    {
        HubFile[] files = [File("adapter_config.json"), File("adapter_model.safetensors"), File("tokenizer.json")];
        var error = Assert.Throws<StarKvException>(() => CheckpointFiles.Choose(HubModel.Parse("me/tuned"), files, []));
        Assert.StartsWith("me/tuned is an adapter, not a model, and adapters are not applied. Merge it into its base model first", error.Message, StringComparison.Ordinal);

        static HubFile File(string path) => new(path, 1, new string('0', 40));
    }
}
