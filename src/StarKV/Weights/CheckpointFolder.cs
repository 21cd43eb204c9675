using System.Diagnostics.CodeAnalysis;
using StarKV.Files;

namespace StarKV.Weights;

/// <summary>A downloaded model: <c>config.json</c> and its weights in one file or in shards, found by canonical name.</summary>
/// <remarks>
/// Nothing is copied: entries point into the mapped files and can be read until
/// the folder is disposed. Thread-safe for readers; dispose it when none is left.
/// </remarks>
[Experimental("STARKV001")]
public sealed class CheckpointFolder : IDisposable
{
    private readonly Dictionary<string, TensorEntry> _tensors;

    private CheckpointFolder(
        string folder, QuantizationConfig? quantization, List<SafetensorsFile> files, Dictionary<string, TensorEntry> tensors) =>
        (FolderPath, Quantization, Files, _tensors) = (folder, quantization, files, tensors);

    /// <summary>The path given to <see cref="Open"/>.</summary>
    public string FolderPath { get; }

    /// <summary>What <c>config.json</c> says of stored 8-bit floats; null for an unquantized model.</summary>
    public QuantizationConfig? Quantization { get; }

    /// <summary>The blocks of FP8 weights that have a scale each; null for scales per row or per tensor.</summary>
    internal ScaleBlock? Block => Quantization?.Block;

    /// <summary>The open files, in name order.</summary>
    public IReadOnlyList<SafetensorsFile> Files { get; }

    /// <summary>Every tensor by its canonical name, see <see cref="WeightNames"/>; scales included.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;

    /// <summary>Opens and checks the folder: its configuration's quantization, every shard, every name, every scale.</summary>
    /// <exception cref="StarKvException">Something is missing, ambiguous, or stored in a way that cannot be read.</exception>
    public static CheckpointFolder Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new StarKvException($"There is no folder {folder}. Give the folder that holds config.json and the weights.");
        // Before the configuration, which the folder of an adapter mostly lacks.
        AdapterFiles.Refuse(folder);
        var configPath = Path.Combine(folder, "config.json");
        if (!File.Exists(configPath))
            throw new StarKvException($"{folder} has no config.json, so it is not a model folder. Download the complete model.");
        var quantization = QuantizationConfig.Read(JsonFile.Read(configPath));

        var files = CheckpointShards.Open(folder);
        try
        {
            var tensors = CanonicalNames(files);
            WeightScales.Check(tensors, quantization?.Block);
            return new CheckpointFolder(folder, quantization, files, tensors);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Returns the tensor with this canonical name, or null.</summary>
    public TensorEntry? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Returns the tensor with this canonical name.</summary>
    /// <exception cref="StarKvException">There is none.</exception>
    public TensorEntry Get(string name) => Find(name) ?? throw new StarKvException(
        $"{FolderPath} has no tensor {MessageText.Name(name)} among its {_tensors.Count}; {WhyMissing}");

    private string WhyMissing => _tensors.Keys.Any(AdapterFiles.IsPart)
        ? AdapterFiles.AmongWeights
        : "the weights do not belong to this configuration or are incomplete.";

    /// <summary>Finds the scale of a weight stored as 8-bit float: value = stored value × scale.</summary>
    /// <param name="name">Canonical name of the weight, ending in <c>.weight</c>.</param>
    /// <param name="scale">
    /// The scale, F32 or BF16: one per row, shape [rows, 1] or [rows], or one for the whole weight, shape [], [1] or [1, 1];
    /// one per block where <see cref="QuantizationConfig.Block"/> says so.
    /// </param>
    /// <returns>False when the weight is not an 8-bit float and is used as stored.</returns>
    /// <exception cref="StarKvException">
    /// There is no such weight. An 8-bit weight without a fitting scale was already refused by <see cref="Open"/>.
    /// </exception>
    public bool TryGetScale(string name, [NotNullWhen(true)] out TensorEntry? scale)
    {
        scale = Get(name).DType.IsFloat8() ? Get(WeightScales.NameOf(name, Block)) : null;
        return scale is not null;
    }

    /// <summary>Closes every file.</summary>
    public void Dispose()
    {
        foreach (var file in Files)
            file.Dispose();
    }

    private static Dictionary<string, TensorEntry> CanonicalNames(List<SafetensorsFile> files)
    {
        var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var tensor in files.SelectMany(file => file.Tensors.Values))
        {
            var name = WeightNames.Canonical(tensor.Name);
            if (tensors.TryAdd(name, tensor))
                continue;
            var other = tensors[name];
            throw new StarKvException(
                $"Tensor {MessageText.Name(tensor.Name)} of {tensor.File.FilePath} "
                    + $"and tensor {MessageText.Name(other.Name)} of {other.File.FilePath} " +
                $"are both {MessageText.Name(name)}; which one is meant cannot be known.");
        }

        return tensors;
    }
}
