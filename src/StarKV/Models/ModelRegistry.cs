using System.Diagnostics.CodeAnalysis;
using StarKV.Files;
using StarKV.Input;
using StarKV.Models.Qwen25Vl;
using StarKV.Models.Qwen3Vl;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models;

/// <summary>Every model that can be run: the one file that names architectures.</summary>
[Experimental("STARKV001")]
public static class ModelRegistry
{
    /// <summary>The families, by the <c>model_type</c> of <c>config.json</c>.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
        [Qwen25VlFamilies.Qwen25Vl, Qwen25VlFamilies.OpenCua, Qwen3VlFamilies.Qwen3Vl];

    /// <summary>Kinds of models that are refused, and what to say of them.</summary>
    private static IReadOnlyDictionary<string, string> Refused => Qwen3VlFamilies.Refused;

    /// <summary>The published sizes.</summary>
    public static IReadOnlyList<ModelShape> Shapes { get; } =
        [Qwen25VlShapes.Size7B, Qwen25VlShapes.Size3B, .. Qwen3VlShapes.All];

    /// <summary>A published size by its short name.</summary>
    /// <exception cref="StarKvException">There is none of this name.</exception>
    public static ModelConfig Shape(string name) => Shapes.FirstOrDefault(s => s.Name == name)?.Config
        ?? throw new StarKvException($"shape '{name}' is unknown; the shapes are {ShapeNames}.");

    private static string ShapeNames => string.Join(", ", Shapes.Select(s => s.Name));

    /// <summary>Loads a folder in Hugging Face form: config.json, safetensors, and if present the preprocessor's configuration.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="compute">Device and number type.</param>
    /// <param name="progress">Told of every tensor; may be null.</param>
    /// <param name="cancellation">Ends the loading within one tensor, and frees what was loaded.</param>
    /// <exception cref="StarKvException">
    /// A file is missing, damaged or not of a kind that can be run, or holds weights that this kind has no use for.
    /// </exception>
    public static IVisionLanguageModel Load(
        string folder, Compute compute, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default) =>
        LoadWithIdentity(folder, compute, progress, cancellation).Model;

    /// <summary>Loads a folder, and says what tells the model from others.</summary>
    /// <inheritdoc cref="Load"/>
    internal static (IVisionLanguageModel Model, string Identity) LoadWithIdentity(
        string folder, Compute compute, IProgress<LoadProgress>? progress, CancellationToken cancellation)
    {
        // The folder is opened first: it says best what is missing.
        using var checkpoint = CheckpointFolder.Open(folder);
        var config = ModelConfig.Load(folder);
        using var weights = new CheckpointWeights(checkpoint, compute, progress, cancellation);
        var model = config.Create(PreprocessorConfig.Load(folder, config.Family.Pixels), compute, weights);
        try
        {
            weights.CheckUnused();
            return (model, ModelIdentity.Of(checkpoint, config, model.Pixels));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The family that a <c>config.json</c> names.</summary>
    /// <exception cref="StarKvException">It names none of them.</exception>
    internal static ModelFamily FamilyOf(JsonFields config)
    {
        var type = config.Text("model_type");
        if (type is not null && Refused.TryGetValue(type, out var why))
            throw config.Error($"model_type is {MessageText.Name(type)}: {why}");
        return Families.FirstOrDefault(family => family.ModelType == type) ?? throw config.Error(
            $"model_type is {MessageText.Name(type ?? "missing")}; " +
                $"supported are {string.Join(", ", Families.Select(family => $"{family.ModelType} ({family.Members})"))}.");
    }
}
