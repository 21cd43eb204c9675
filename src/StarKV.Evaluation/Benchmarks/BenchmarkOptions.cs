using StarKV.Evaluation.Benchmarks.Data;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>How a published benchmark is opened.</summary>
/// <param name="Annotations">Folder with the annotation files.</param>
/// <param name="Images">Folder with the screenshots.</param>
public sealed record BenchmarkOptions(string Annotations, string Images)
{
    /// <value>Whose rules count; default strict.</value>
    public Profile Profile { get; init; } = Profile.Strict;

    /// <value>How the model is asked and answers; default UI-TARS.</value>
    public AnswerFamily Family { get; init; } = AnswerFamily.UiTars;

    /// <value>Where prompt texts come from; default the shipped ones.</value>
    public PromptSource Prompts { get; init; } = PromptSource.Shipped;

    /// <value>AndroidControl: what the model receives; default the goal alone.</value>
    public InstructionLevel Level { get; init; } = InstructionLevel.High;

    /// <value>Screenshots a question shows at most, the current one included, 1–5; null (default) for the benchmark's own number.</value>
    public int? ImageSlots { get; init; }

    /// <summary>The profile as results write it.</summary>
    public string ProfileName => Profile.ToString().ToLowerInvariant();

    /// <summary>What a run's plan says of a benchmark.</summary>
    /// <param name="prompt">The prompt text's id.</param>
    /// <param name="files">The annotation files.</param>
    /// <param name="more">What else decides the results.</param>
    internal IReadOnlyDictionary<string, string> Settings(
        string prompt, IEnumerable<string> files, params IEnumerable<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string, string>
        {
            ["profile"] = ProfileName,
            ["family"] = Family.ToString().ToLowerInvariant(),
            ["prompt"] = prompt,
        };
        if (Prompts.Fingerprint is { } texts)
            settings["prompts"] = texts;
        foreach (var (name, value) in more)
            settings[name] = value;
        settings["data"] = DataRows.Fingerprint(files);
        return settings;
    }
}

/// <summary>What a model receives about a step.</summary>
public enum InstructionLevel
{
    /// <summary>The goal alone.</summary>
    High,

    /// <summary>The goal and the step's own instruction.</summary>
    Low,
}
