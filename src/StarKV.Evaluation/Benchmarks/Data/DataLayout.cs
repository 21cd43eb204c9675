namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>Where a benchmark's files lie, and how they are found.</summary>
public sealed record DataLayout
{
    /// <value>Folder below the one of all data sets.</value>
    public required string Folder { get; init; }

    /// <value>Folders of the annotations below <see cref="Folder"/>, the usual one first; empty for the folder itself.</value>
    public required IReadOnlyList<string> Annotations { get; init; }

    /// <value>Folders of the screenshots, in the same way.</value>
    public required IReadOnlyList<string> Images { get; init; }

    /// <value>Environment variables that name the annotations: those of GUI-KV, then those of STaR-KV.</value>
    public required IReadOnlyList<string> AnnotationVariables { get; init; }

    /// <value>Environment variables that name the screenshots.</value>
    public required IReadOnlyList<string> ImageVariables { get; init; }

    /// <value>The files as a tree, for people.</value>
    public required string Tree { get; init; }

    /// <value>Patterns of annotation files of which at least one file each must be there; alternatives are separated by bars.</value>
    public required IReadOnlyList<string> Files { get; init; }

    /// <value>Pattern of annotation files that hold the screenshots too; null (default) for none.</value>
    public string? WithImages { get; init; }
}
