using System.CommandLine;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>Options that say where a run's data lie now, when it is not where its manifest says.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> _annotations = new("--annotations")
    {
        Description = "Folder of the annotations, when they lie " +
        "elsewhere now.",
        HelpName = "DIR"
    };
    private readonly Option<string?> _images = new("--images")
    {
        Description = "Folder of the " +
        "screenshots, when they lie elsewhere now.",
        HelpName = "DIR"
    };
    private readonly Option<string?> _prompts = new("--prompts")
    {
        Description = "The file of prompt " +
        "texts, when it lies elsewhere now.",
        HelpName = "JSON"
    };
    private readonly Option<string?> _taskList = new("--manifest")
    {
        Description = "The list of tasks of eval minigui --manifest, " +
        "when it lies elsewhere now.",
        HelpName = "JSON"
    };

    /// <summary>All options, in the order of the help.</summary>
    public IEnumerable<Option> Options => [_annotations, _images, _prompts, _taskList];

    /// <summary>The sources as the command line has them, else as the manifest has them.</summary>
    public RunSources Read(ParseResult parsed, RunSources sources) => sources with
    {
        Annotations = Whole(parsed.GetValue(_annotations)) ?? sources.Annotations,
        Images = Whole(parsed.GetValue(_images)) ?? sources.Images,
        Prompts = Whole(parsed.GetValue(_prompts)) ?? sources.Prompts,
        TaskList = Whole(parsed.GetValue(_taskList)) ?? sources.TaskList,
    };

    private static string? Whole(string? path) => path is null ? null : Path.GetFullPath(path);
}
