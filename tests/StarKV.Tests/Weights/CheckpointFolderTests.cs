using System.Text.Json;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CheckpointFolderTests() => _folder.Write("config.json", "{}");

    public void Dispose() => _folder.Dispose();

    private void Refused(params string[] said)
    {
        var error = Assert.Throws<StarKvException>(() => CheckpointFolder.Open(_folder.Path).Dispose());
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private void Shard(string name, params string[] tensors) =>
        _folder.Write(name, tensors.Aggregate(new SafetensorsBuilder(), (file, tensor) => file.Add(tensor, "F32", 2)).Build());

    private void Index(params (string Tensor, string Shard)[] map) =>
        _folder.Write(
            "model.safetensors.index.json",
            JsonSerializer.Serialize(new { metadata = new { total_size = 1 }, weight_map = map.ToDictionary(m => m.Tensor, m => m.Shard) }));

    [Fact]
    public void Shards_are_found_through_their_index_by_canonical_name()
    {
        Shard("model-00001-of-00002.safetensors", "model.embed_tokens.weight", "visual.merger.ln_q.weight");
        Shard("model-00002-of-00002.safetensors", "model.norm.weight", "lm_head.weight");
        Index(
            ("model.embed_tokens.weight", "model-00001-of-00002.safetensors"),
            ("visual.merger.ln_q.weight", "model-00001-of-00002.safetensors"),
            ("model.norm.weight", "model-00002-of-00002.safetensors"),
            ("lm_head.weight", "model-00002-of-00002.safetensors"));

        using var checkpoint = CheckpointFolder.Open(_folder.Path);
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], checkpoint.Files.Select(f => Path.GetFileName(f.FilePath)));
        Assert.Equal(
            ["lm_head.weight", "model.language_model.embed_tokens.weight", "model.language_model.norm.weight", "model.visual.merger.ln_q.weight"],
            checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("model.norm.weight", checkpoint.Get("model.language_model.norm.weight").Name);
        Assert.Equal(8, checkpoint.Get("lm_head.weight").Bytes(0, 8).Length);
        Assert.Null(checkpoint.Quantization);
    }

    [Theory]
    [InlineData("visual.blocks.0.norm1.weight", "model.visual.blocks.0.norm1.weight")]
    [InlineData("model.layers.3.mlp.up_proj.weight", "model.language_model.layers.3.mlp.up_proj.weight")]
    [InlineData("model.embed_tokens.weight", "model.language_model.embed_tokens.weight")]
    [InlineData("lm_head.weight", "lm_head.weight")]
    [InlineData("model.visual.merger.ln_q.weight", "model.visual.merger.ln_q.weight")]
    [InlineData("model.language_model.norm.weight", "model.language_model.norm.weight")]
    [InlineData("vision_tower.blocks.0.attn.qkv.bias", "model.visual.blocks.0.attn.qkv.bias")]
    [InlineData("language_model.model.layers.3.mlp.up_proj.weight", "model.language_model.layers.3.mlp.up_proj.weight")]
    [InlineData("language_model.lm_head.weight_scale", "lm_head.weight_scale")]
    [InlineData("other", "other")]
    public void Old_names_become_new_ones_and_new_ones_stay(string stored, string canonical)
    {
        Assert.Equal(canonical, WeightNames.Canonical(stored));
        Assert.Equal(canonical, WeightNames.Canonical(canonical));
    }

    [Fact]
    public void Missing_tensor_is_named_by_Get_and_null_from_Find()
    {
        Shard("model.safetensors", "lm_head.weight");
        using var checkpoint = CheckpointFolder.Open(_folder.Path);
        Assert.Null(checkpoint.Find("none"));
        Assert.Contains("'none'", Assert.Throws<StarKvException>(() => checkpoint.Get("none")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_folder() => Assert.Contains(
        "There is no folder", Assert.Throws<StarKvException>(() => CheckpointFolder.Open(_folder.File("none"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_config()
    {
        File.Delete(_folder.File("config.json"));
        Refused("has no config.json, so it is not a model folder. Download the complete model.");
    }

    [Fact]
    public void Missing_weights() => Refused("looked for model.safetensors and model.safetensors.index.json");

    [Fact]
    public void Weights_of_another_format()
    {
        _folder.Write("pytorch_model.bin", "x");
        Refused("'pytorch_model.bin'", "another format");
    }

    [Fact]
    public void Of_weights_of_another_name_the_largest_is_named_and_of_equal_ones_the_first()
    {
        _folder.Write("c.safetensors", "xx");
        _folder.Write("b.safetensors", "xx");
        _folder.Write("a.safetensors", "x");
        Refused("'b.safetensors' is not looked for under that name");
    }

    [Fact]
    public void Missing_tensors_are_put_down_to_an_adapter_where_one_s_tensors_lie_among_the_weights()
    {
        Shard("model.safetensors", "lm_head.weight", "x.lora_A.weight");
        using (var checkpoint = CheckpointFolder.Open(_folder.Path))
            Assert.Equal($"{_folder.Path} has no tensor 'none' among its 2; {AdapterFiles.AmongWeights}", Assert.Throws<StarKvException>(() => checkpoint.Get("none")).Message);
        Shard("model.safetensors", "lm_head.weight", "x.weight");
        using (var checkpoint = CheckpointFolder.Open(_folder.Path))
            Assert.Equal($"{_folder.Path} has no tensor 'none' among its 2; the weights do not belong to this configuration or are incomplete.", Assert.Throws<StarKvException>(() => checkpoint.Get("none")).Message);
    }

    [Fact]
    public void Missing_shard()
    {
        var shards = Enumerable.Range(1, 4).Select(i => $"model-0000{i}-of-00004.safetensors").ToArray();
        Index([.. shards.Select(shard => ("t" + shard, shard))]);
        foreach (var shard in shards.Where((_, i) => i != 1))
            Shard(shard, "t" + shard);
        Refused("shard 2 of 4 is missing", _folder.File(shards[1]));
    }

    [Theory]
    [InlineData("../x.safetensors")]
    [InlineData("/x.safetensors")]
    [InlineData("a/x.safetensors")]
    [InlineData("..\\x.safetensors")]
    [InlineData("C:x.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("x\0.safetensors")]
    [InlineData("/etc/passwd")]
    public void Shard_outside_the_folder(string shard)
    {
        Index(("a", shard));
        Refused("'a'", "plain .safetensors file name");
    }

    [Fact]
    public void Shard_that_is_a_link_is_read_as_download_caches_make_them()
    {
        using var blobs = new TempFolder();
        var blob = blobs.Write("0123abcd", new SafetensorsBuilder().Add("a", "F32", 2).Build());
        File.CreateSymbolicLink(_folder.File("model-00001-of-00001.safetensors"), blob);
        Index(("a", "model-00001-of-00001.safetensors"));
        using var checkpoint = CheckpointFolder.Open(_folder.Path);
        Assert.Equal(8, checkpoint.Get("a").ByteLength);
    }

    [Fact]
    public void Tensor_listed_but_not_in_its_shard()
    {
        Shard("1.safetensors", "a");
        Index(("a", "1.safetensors"), ("b", "1.safetensors"));
        Refused("'b'", "1.safetensors", "does not hold it");
    }

    [Fact]
    public void Tensor_in_two_shards()
    {
        Shard("1.safetensors", "a", "b");
        Shard("2.safetensors", "b", "c");
        Index(("a", "1.safetensors"), ("b", "1.safetensors"), ("c", "2.safetensors"));
        Refused("1.safetensors", "2.safetensors", "'b'");
    }

    [Fact]
    public void Tensor_in_both_naming_generations()
    {
        Shard("model.safetensors", "model.norm.weight", "model.language_model.norm.weight");
        Refused("'model.norm.weight'", "'model.language_model.norm.weight'", "which one is meant");
    }

    [Theory]
    [InlineData("{}", "no weight_map")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"weight_map":{}}""", "lists no tensors")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("""{"weight_map":{"a":1}}""", "weight_map.a")]
    [InlineData("""{"weight_map":{"a":null}}""", "weight_map.a")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","a":"2.safetensors"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"a":"\ud800"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"\ud800":"a"}}""", "not valid JSON")]
    public void Broken_index(string json, string said)
    {
        _folder.Write("model.safetensors.index.json", json);
        Refused("model.safetensors.index.json", said);
    }
}
