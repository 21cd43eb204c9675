using System.Text.RegularExpressions;
using StarKV.Files;

namespace StarKV.Weights;

/// <summary>Finds and opens the weight files of a model folder.</summary>
internal static partial class CheckpointShards
{
    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";
    private static readonly string[] s_otherFormats = [".bin", ".pt", ".pth", ".ckpt", ".gguf", ".onnx", ".npz", ".h5", ".msgpack"];

    [GeneratedRegex(@"-\d+-of-\d+\.safetensors$", RegexOptions.NonBacktracking)]
    private static partial Regex NumberedShard();

    /// <summary>Opens the single file, or every shard that the index names, in name order.</summary>
    public static List<SafetensorsFile> Open(string folder)
    {
        var single = Path.Combine(folder, Single);
        if (File.Exists(single))
            return [SafetensorsFile.Open(single)];
        var index = Path.Combine(folder, Index);
        if (File.Exists(index))
            return OpenIndexed(folder, index);

        throw new StarKvException($"{folder} has no weights: looked for {Single} and {Index}. {WayOut(folder)}");
    }

    /// <summary>True when the folder has weights under the names that are looked for.</summary>
    public static bool Exist(string folder) => File.Exists(Path.Combine(folder, Single)) || File.Exists(Path.Combine(folder, Index));

    /// <summary>What to do about a folder without weights: the largest file that could be some tells.</summary>
    private static string WayOut(string folder)
    {
        var largest = new DirectoryInfo(folder).EnumerateFiles().Where(file => !file.Name.StartsWith('.'))
            .OrderByDescending(file => file.Length).ThenBy(file => file.Name, StringComparer.Ordinal).Select(file => file.Name).ToList();
        if (largest.Find(name => Path.GetExtension(name) == ".safetensors") is { } safetensors)
        {
            return NumberedShard().IsMatch(safetensors)
                ? $"{MessageText.Name(safetensors)} is one part of several, and {Index}, which names them, is missing. Download it."
                : $"{MessageText.Name(safetensors)} is not looked for under that name: rename it to {Single} if it is the whole model.";
        }

        return largest.Find(name => s_otherFormats.Contains(Path.GetExtension(name))) is { } other
            ? $"{MessageText.Name(other)} is another format; download or convert to safetensors."
            : "Download the complete model.";
    }

    private static List<SafetensorsFile> OpenIndexed(string folder, string index)
    {
        var shardOf = ReadIndex(index);
        var shards = shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < shards.Count; i++)
        {
            // Every shard is looked for before the first is opened: the answer comes at once, not after gigabytes.
            var path = Path.Combine(folder, shards[i]);
            if (!File.Exists(path))
                throw new StarKvException($"shard {i + 1} of {shards.Count} is missing: expected file {path}. Download it again.");
        }

        var files = new List<SafetensorsFile>(shards.Count);
        try
        {
            files.AddRange(shards.Select(shard => SafetensorsFile.Open(Path.Combine(folder, shard))));
            CheckIndex(index, shardOf, shards, files);
            return files;
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private static Dictionary<string, string> ReadIndex(string index)
    {
        var map = JsonFile.Read(index).Object("weight_map")
            ?? throw new StarKvException($"{index} has no weight_map, so it names no shards. Download it again.");
        var shardOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tensor, shard) in map.Texts())
        {
            // The index comes from the network: it may only name files of its folder. A file that is a link is fine,
            // as download caches link to their blobs.
            if (!IsPlainName(shard))
            {
                throw new StarKvException(
                    $"{index} puts tensor {MessageText.Name(tensor)} in {MessageText.Name(shard)}; "
                        + $"a shard must be a plain .safetensors file name inside the folder.");
            }

            shardOf.Add(tensor, shard);
        }

        return shardOf.Count > 0 ? shardOf : throw new StarKvException($"{index} lists no tensors. Download it again.");
    }

    private static bool IsPlainName(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal)
        && name.AsSpan().IndexOfAny("/\\:") < 0
        && !name.StartsWith('.')
        && !name.Any(char.IsControl);

    private static void CheckIndex(string index, Dictionary<string, string> shardOf, List<string> shards, List<SafetensorsFile> files)
    {
        var open = shards.Zip(files).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        foreach (var (tensor, shard) in shardOf)
        {
            if (!open[shard].Tensors.ContainsKey(tensor))
                throw new StarKvException(
                    $"{index} puts tensor {MessageText.Name(tensor)} in {shard}, which does not hold it. Download both again.");
        }
    }
}
