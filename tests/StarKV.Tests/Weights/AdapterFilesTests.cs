using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class AdapterFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Refusal() => Assert.Throws<StarKvException>(() => AdapterFiles.Refuse(_folder.Path)).Message;

    [Theory]
    [InlineData("adapter_config.json")]
    [InlineData("adapter_model.safetensors")]
    [InlineData("adapter_model.bin")]
    [InlineData("adapter_model-00001-of-00002.safetensors")]
    public void An_adapter_is_known_by_any_one_of_its_files(string name)
    {
        _folder.Write(name, "{}");
        _folder.Write("config.json", "{}");
        Assert.Equal(
            $"{_folder.Path} holds an adapter ('{name}'), and adapters are not applied. Merge it into its base model first (PEFT: merge_and_unload) and give the folder of the merged model.",
            Refusal());
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("adapter_models.txt")]
    [InlineData("my_adapter_model.bin")]
    [InlineData("adapter_config.json.bak")]
    public void Other_files_are_no_adapter(string name)
    {
        _folder.Write(name, "{}");
        AdapterFiles.Refuse(_folder.Path);
    }

    [Theory]
    [InlineData("""{"base_model_name_or_path":"me/base"}""", "me/base")]
    [InlineData("""{"base_model_name_or_path":" "}""", "its base model")]
    [InlineData("""{"base_model_name_or_path":""}""", "its base model")]
    [InlineData("""{"base_model_name_or_path":null}""", "its base model")]
    public void The_model_to_merge_it_into_is_the_one_that_it_names(string config, string target)
    {
        _folder.Write("adapter_model.bin", "x");
        _folder.Write("adapter_config.json", config);
        Assert.Contains($"holds an adapter ('adapter_config.json'), and adapters are not applied. Merge it into {target} first", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model.safetensors.index.json")]
    public void Beside_weights_the_way_out_may_be_to_take_it_away(string weights)
    {
        _folder.Write("adapter_model.bin", "x");
        _folder.Write(weights, "x");
        Assert.EndsWith("the folder of the merged model; or take the adapter's files out of the folder to use its weights alone.", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.lora_A.weight", true)]
    [InlineData("x.base_layer.weight", true)]
    [InlineData("x.modules_to_save.weight", true)]
    [InlineData("x.weight", false)]
    [InlineData("lora_A.weight", false)]
    public void An_adapter_s_tensors_are_known_by_a_part_of_their_name(string name, bool part) => Assert.Equal(part, AdapterFiles.IsPart(name));
}
