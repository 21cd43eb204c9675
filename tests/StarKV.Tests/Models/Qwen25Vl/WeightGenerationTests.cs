using System.Text.Json;
using StarKV.Tests.Weights;
using StarKV.Weights;

namespace StarKV.Tests.Models.Qwen25Vl;

public sealed class WeightGenerationTests
{
    [Fact]
    public void Old_names_in_one_file_and_new_names_in_three_shards_give_the_same_answer()
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(GoldenModel.Folder, "config.json"), folder.File("config.json"));
        WriteShards(folder);
        TorchThread.Run(() =>
        {
            using var old = new GoldenModel("three_images");
            using var renamed = new GoldenModel("three_images", folder.Path);
            using var first = old.Prefill();
            using var second = renamed.Prefill();
            Assert.Equal(first.Logits.data<float>().ToArray(), second.Logits.data<float>().ToArray());
            Assert.Equal(old.GreedyTokens, old.Greedy(first));
            Assert.Equal(old.GreedyTokens, renamed.Greedy(second));
        });
    }

    private static void WriteShards(TempFolder folder)
    {
        using var file = SafetensorsFile.Open(Path.Combine(GoldenModel.Folder, "model.safetensors"));
        var shards = Enumerable.Range(0, 3).Select(_ => new SafetensorsBuilder()).ToArray();
        var map = new Dictionary<string, string>();
        var renamed = 0;
        foreach (var (tensor, i) in file.Tensors.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select((t, i) => (t, i)))
        {
            var name = WeightNames.Canonical(tensor.Name);
            renamed += name == tensor.Name ? 0 : 1;
            shards[i % 3].Add(name, tensor.DType.ToString(), tensor.Shape, tensor.Bytes(0, (int)tensor.ByteLength).ToArray());
            map[name] = $"model-0000{i % 3 + 1}-of-00003.safetensors";
        }

        Assert.True(renamed > 80, "The vectors no longer hold the old names.");
        for (var i = 0; i < 3; i++)
            folder.Write($"model-0000{i + 1}-of-00003.safetensors", shards[i].Build());
        folder.Write("model.safetensors.index.json", JsonSerializer.Serialize(new { weight_map = map }));
    }
}
