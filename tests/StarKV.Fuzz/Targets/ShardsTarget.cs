using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Weights;

namespace StarKV.Fuzz.Targets;

/// <summary>An index over four shards that are there: the folder is opened, every name looked up.</summary>
internal sealed class ShardsTarget : IFuzzTarget
{
    private const int Shards = 4;
    private readonly string _folder;

    public ShardsTarget(Scratch scratch)
    {
        _folder = scratch.Sub("shards");
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{}");
        for (var i = 1; i <= Shards; i++)
            SafetensorsWriter.Write(Path.Combine(_folder, Shard(i)), [new($"model.layers.{i}.weight", DType.BF16, [2, 2], new byte[8]), new($"model.layers.{i}.bias", DType.F32, [2], new byte[8])]);
    }

    public string Name => "index";

    public int InputsARound => 6_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("weight_map", "metadata", "../", Shard(1), ".safetensors", "model.layers.1.weight");

    public IEnumerable<byte[]> Seeds()
    {
        var names = Enumerable.Range(1, Shards).SelectMany(i => new[] { $"\"model.layers.{i}.weight\":\"{Shard(i)}\"", $"\"model.layers.{i}.bias\":\"{Shard(i)}\"" });
        yield return Encoding.UTF8.GetBytes("{\"metadata\":{\"total_size\":64},\"weight_map\":{" + string.Join(',', names) + "}}");
        yield return Encoding.UTF8.GetBytes($$$"""{"weight_map":{"model.layers.2.bias":"{{{Shard(2)}}}"}}""");
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "model.safetensors.index.json"), input);
        using var checkpoint = CheckpointFolder.Open(_folder);
        BrokenPromiseException.Unless(checkpoint.Tensors.Keys.All(name => checkpoint.Find(name) is not null), "a tensor that is listed is not found");
        return $"{checkpoint.Files.Count} {checkpoint.Tensors.Count}";
    }

    private static string Shard(int number) => $"model-0000{number}-of-00004.safetensors";
}
