using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>What the command line says about a benchmark's folders; each may be null.</summary>
/// <param name="Data">The benchmark's folder.</param>
/// <param name="Annotations">Its annotations.</param>
/// <param name="Images">Its screenshots.</param>
public sealed record NamedFolders(string? Data = null, string? Annotations = null, string? Images = null);

/// <summary>A benchmark's folders and who named them: the command line before the environment before <c>starkv.local.json</c>.</summary>
/// <param name="Annotations">Folder of the annotations; null when none is named.</param>
/// <param name="Images">Folder of the screenshots; null when none is named.</param>
/// <param name="AnnotationsFrom">The option, variable or file that named it; empty when none did.</param>
/// <param name="ImagesFrom">The same for the screenshots.</param>
public sealed record DataFolders(string? Annotations, string? Images, string AnnotationsFrom, string ImagesFrom)
{
    /// <summary>
    /// The local file of paths, in the working directory: <c>{"datasets":DIR,"NAME":{"data":DIR,"annotations":DIR,"images":DIR}}</c>.
    /// </summary>
    public const string LocalFile = "starkv.local.json";

    /// <summary>The variable that names the folder of all data sets.</summary>
    public const string DatasetsVariable = "STARKV_DATASETS_DIR";

    /// <summary>Finds a benchmark's folders; whether they exist is asked by <see cref="Missing"/>.</summary>
    /// <param name="name">The benchmark.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="given">What the command line says.</param>
    /// <param name="variable">Gives an environment variable or null.</param>
    /// <param name="localFile">The local file; passed over when it does not exist.</param>
    /// <exception cref="StarKvException">The local file is malformed.</exception>
    public static DataFolders Find(
        string name, DataLayout layout, NamedFolders given, Func<string, string?> variable, string localFile = LocalFile)
    {
        var local = JsonFile.ReadIfPresent(localFile);
        var own = local?.Object(name);
        var (annotations, annotationsFrom) =
            First(layout.Annotations, layout.AnnotationVariables, "--annotations", given.Annotations, own?.Text("annotations"));
        var (images, imagesFrom) = First(layout.Images, layout.ImageVariables, "--images", given.Images, own?.Text("images"));
        return new(annotations, images, annotationsFrom, imagesFrom);

        (string? Folder, string From) First(
            IReadOnlyList<string> below, IReadOnlyList<string> variables, string option, string? named, string? locally)
        {
            (string? Folder, string From)[] candidates =
            [
                (named, option),
                (Below(given.Data, below), "--data"),
                .. variables.Select(v => (variable(v) is { Length: > 0 } value ? value : null, v)),
                (Below(InDatasets(variable(DatasetsVariable)), below), DatasetsVariable),
                (locally, localFile),
                (Below(own?.Text("data"), below), localFile),
                (Below(InDatasets(local?.Text("datasets")), below), localFile),
            ];
            return candidates.FirstOrDefault(c => c.Folder is not null, (null, ""));
        }

        string? InDatasets(string? datasets) => string.IsNullOrEmpty(datasets) ? null : Path.Combine(datasets, layout.Folder);
    }

    /// <summary>What is not there, one sentence each; empty when everything is.</summary>
    public IReadOnlyList<string> Missing(DataLayout layout)
    {
        var missing = new List<string>();
        if (Annotations is null)
            missing.Add(
                $"no folder of annotations is named (--data, --annotations, "
                    + $"{string.Join(" or ", layout.AnnotationVariables)}, {DatasetsVariable}, or {LocalFile})");
        else if (!Directory.Exists(Annotations))
            missing.Add($"{AnnotationsFrom} names {Annotations}, which does not exist");
        else
            missing.AddRange(
                layout.Files.Where(patterns => !patterns.Split('|').Any(Has))
                    .Select(patterns => $"{Annotations} has no {patterns.Replace("|", " and no ", StringComparison.Ordinal)}"));
        if (layout.WithImages is { } whole && Annotations is not null && Directory.Exists(Annotations) && Has(whole))
            return missing;
        if (Images is null)
            missing.Add(
                $"no folder of screenshots is named (--data, --images, "
                    + $"{string.Join(" or ", layout.ImageVariables)}, {DatasetsVariable}, or {LocalFile})");
        else if (!Directory.Exists(Images))
            missing.Add($"{ImagesFrom} names {Images}, which does not exist");
        return missing;

        bool Has(string pattern) => DataFiles.Of(Annotations, pattern).Count > 0;
    }

    // The first that exists; without any, the usual one, so that messages name it.
    private static string? Below(string? folder, IReadOnlyList<string> below) =>
        string.IsNullOrEmpty(folder)
            ? null
            : below.Select(b => Path.Combine(folder, b)).FirstOrDefault(Directory.Exists) ?? Path.Combine(folder, below[0]);
}
